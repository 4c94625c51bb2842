package io.github.litestow.run;

import io.github.litestow.s3.S3Server;
import io.github.litestow.s3.VersityServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A server for all tests of a class, each of which has a path of its own in its bucket. */
abstract class OverVersity {
    static S3Server server;

    @TempDir
    Path temp;

    @BeforeAll
    static void startServer(@TempDir Path folder) {
        server = VersityServer.start(folder);
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }
}
