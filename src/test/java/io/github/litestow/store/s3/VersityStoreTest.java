package io.github.litestow.store.s3;

import io.github.litestow.s3.S3Server;
import io.github.litestow.s3.VersityServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VersityStoreTest extends S3StoreContractTest {
    private static S3Server server;

    @BeforeAll
    static void startServer(@TempDir Path folder) {
        server = VersityServer.start(folder);
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Override
    S3Server server() {
        return server;
    }

    @Test
    void of_eight_that_replace_at_once_one_wins_and_the_store_says_so() throws Exception {
        ofEightThatReplaceAtOnceOneMustWin();
    }
}
