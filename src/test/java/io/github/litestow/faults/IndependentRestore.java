package io.github.litestow.faults;

import io.github.litestow.host.Host;
import io.github.litestow.s3.S3Server;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What litestream itself restores of a replica: nothing of ours is in between. */
record IndependentRestore(String url) {

    /** Restores to {@code output}, which stays missing if nothing can be restored. */
    void restore(Path output, String... options) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(Host.realEngine().toString(), "restore", "-o", output.toString()));
        command.addAll(List.of(options));
        command.add(url);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
        builder.environment().put("LITESTREAM_ACCESS_KEY_ID", S3Server.KEY_ID);
        builder.environment().put("LITESTREAM_SECRET_ACCESS_KEY", S3Server.SECRET);
        Process process = builder.start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("litestream restore hangs");
        }
    }
}
