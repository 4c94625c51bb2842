package io.github.litestow.packaged;

import io.github.litestow.s3.FaultProxy;
import io.github.litestow.s3.S3Server;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** A host of its own: an empty folder, the service in it, and its own way to the S3 server. */
final class ServingHost implements AutoCloseable {
    private final PackagedProgram program = new PackagedProgram();
    private final FaultProxy proxy;
    private final Service service;
    private final long started;

    /** Starts the service; it asks the replica for nothing that {@code witness} does not see. */
    ServingHost(S3Server server, String path, Duration leaseTime, LeaseWitness witness) throws IOException {
        program.open();
        proxy = new FaultProxy(server.endpoint(), request -> {
                    witness.request(this, request);
                    return Optional.empty();
                })
                .start();
        program.env("REPLICA_URL", "s3://" + S3Server.BUCKET + "/" + path)
                .env("LITESTREAM_ACCESS_KEY_ID", S3Server.KEY_ID)
                .env("LITESTREAM_SECRET_ACCESS_KEY", S3Server.SECRET)
                .env("LITESTOW_S3_ENDPOINT", proxy.endpoint().toString())
                .env("LITESTOW_S3_REGION", S3Server.REGION)
                .env("LITESTOW_LEASE_TIME", leaseTime.toString())
                .env("LITESTOW_SNAPSHOT_DELETE_LOCAL", "false")
                .env("LITESTOW_SNAPSHOT_CRON", "* * * * * ?");
        started = System.nanoTime();
        service = program.serve();
        witness.watch(this);
    }

    Service service() {
        return service;
    }

    Running process() {
        return service.process();
    }

    long pid() {
        return service.process().pid();
    }

    Path database() {
        return program.database();
    }

    Path journal() {
        return program.state().resolve("runs.jsonl");
    }

    /** Returns {@code System.nanoTime()} of its start. */
    long started() {
        return started;
    }

    boolean ready() {
        return service.status(Service.READY) == 200;
    }

    /** Ends the service whatever it does, and forgets the folder. */
    @Override
    public void close() throws IOException {
        program.close();
        proxy.close();
    }
}
