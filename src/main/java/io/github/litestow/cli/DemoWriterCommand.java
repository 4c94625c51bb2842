package io.github.litestow.cli;

import io.github.litestow.demo.SampleWriter;
import io.github.litestow.outcome.FailureKind;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The application of {@code demo}, which starts it as a process of its own. Starts no Quarkus. */
@Command(
        name = DemoWriterCommand.NAME,
        hidden = true,
        description = "The demonstration's application.",
        mixinStandardHelpOptions = true)
final class DemoWriterCommand implements Callable<Integer> {
    static final String NAME = "demo-writer";

    @Parameters(paramLabel = "FILE", description = "The database.")
    String file;

    @Override
    public Integer call() {
        try {
            SampleWriter.run(file);
        } catch (IOException e) {
            System.err.println("writer: " + e.getMessage());
            return ExitCodes.of(FailureKind.INTERNAL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return ExitCodes.DONE;
    }
}
