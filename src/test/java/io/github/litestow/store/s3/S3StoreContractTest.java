package io.github.litestow.store.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.config.ReplicaUrl;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.ReplicaFile;
import io.github.litestow.s3.S3Server;
import io.github.litestow.store.ReplicaStore;
import io.github.litestow.store.ReplicaStoreContractTest;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every S3 server must be good for. */
public abstract class S3StoreContractTest extends ReplicaStoreContractTest {
    private static final int MORE_THAN_A_PAGE = 1_003;

    abstract S3Server server();

    @Override
    protected final ReplicaStore at(String path) {
        return s3(server(), path);
    }

    public static S3Store s3(S3Server server, String path) {
        String url = "s3://" + S3Server.BUCKET + "/" + path;
        return new S3Store(new ReplicaUrl(url, "s3"), new S3Connection(server.settings(), Map.of()));
    }

    @Override
    protected final void engineWrites(String path, String key, byte[] body) {
        String level = key.replace("ltx/", "000");
        server().put(path + "/" + level, body);
    }

    @Test
    final void a_listing_of_more_than_a_page_is_whole() throws Failure {
        IntStream.rangeClosed(1, MORE_THAN_A_PAGE)
                .parallel()
                .forEach(txid -> engineWrites("many", String.format("ltx/0/%016x-%016x.ltx", txid, txid), new byte[1]));
        assertThat(at("many").ltxFiles())
                .extracting(ReplicaFile::maxTxid)
                .hasSize(MORE_THAN_A_PAGE)
                .doesNotHaveDuplicates();
    }
}
