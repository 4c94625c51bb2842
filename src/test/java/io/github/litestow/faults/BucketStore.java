package io.github.litestow.faults;

import io.github.litestow.s3.FaultProxy;
import io.github.litestow.s3.FaultProxy.Fault;
import io.github.litestow.s3.FaultProxy.Request;
import io.github.litestow.s3.S3Server;
import io.github.litestow.s3.VersityServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A trial's replica in a bucket, reached through a proxy that makes trouble; one server for all trials of a process. */
final class BucketStore {
    final FaultProxy proxy;
    final String prefix;
    private volatile Optional<Function<Request, Optional<Fault>>> rule = Optional.empty();

    private BucketStore(World world, FaultProxy proxy) {
        this.proxy = proxy;
        this.prefix = "trials/" + world.folder.getFileName();
    }

    /** Moves this world's replica there. */
    static BucketStore of(World world) throws IOException {
        BucketStore[] store = new BucketStore[1];
        FaultProxy proxy = new FaultProxy(Server.ONLY.endpoint(), request -> store[0].answer(request));
        store[0] = new BucketStore(world, proxy);
        proxy.start();
        world.atEnd(proxy::close);
        String url = "s3://" + S3Server.BUCKET + "/" + store[0].prefix;
        world.tuning.inBucket(url, proxy.endpoint().toString());
        world.check = new IndependentRestore(
                url + "?endpoint=" + Server.ONLY.endpoint() + "&region=" + S3Server.REGION + "&forcePathStyle=true");
        return store[0];
    }

    /** From now on requests meet what this says. */
    void trouble(Function<Request, Optional<Fault>> trouble) {
        rule = Optional.of(trouble);
    }

    /** From now on everything works. */
    void calm() {
        rule = Optional.empty();
        proxy.cutsAt(request -> Optional.empty());
    }

    /** Returns whether nothing is in the way. */
    boolean calmNow() {
        return rule.isEmpty();
    }

    private Optional<Fault> answer(Request request) {
        return rule.flatMap(trouble -> trouble.apply(request));
    }

    /** Returns whether it is the engine's own request for one of its files. */
    static boolean engineFile(Request request) {
        return request.target().contains(".ltx");
    }

    /** Returns the objects that there are, as the server keeps them: files of these names. */
    List<Path> objects() throws IOException {
        return History.files(
                Server.FOLDER.resolve("objects").resolve(S3Server.BUCKET).resolve(prefix));
    }

    /** Begins an upload in parts under a key of the engine's, and leaves it. */
    void unfinishedUpload(String name) {
        Server.ONLY.beginUpload(prefix + "/" + name);
    }

    private static final class Server {
        static final Path FOLDER = folder();
        static final VersityServer ONLY = VersityServer.start(FOLDER);

        static {
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(
                            () -> {
                                ONLY.close();
                                try {
                                    World.delete(FOLDER);
                                } catch (IOException left) {
                                    System.err.println("left: " + FOLDER);
                                }
                            },
                            "s3-server"));
        }

        private static Path folder() {
            try {
                return Files.createTempDirectory("litestow-fault-s3");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
