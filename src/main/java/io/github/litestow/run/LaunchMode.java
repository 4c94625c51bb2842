package io.github.litestow.run;

import io.github.litestow.config.ConfigProducer;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** How this process was started: as the service, or for one command. */
@ApplicationScoped
public class LaunchMode {
    /** The system property by which the command line says, before Quarkus starts, what it asks for. */
    public static final String COMMAND = ConfigProducer.COMMAND;

    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    private final String command;
    private final String host;
    private final int port;

    /**
     * Wires it.
     *
     * @param command the command's name; the service unless said otherwise
     * @param host where HTTP listens, so that others learn whom to talk to
     * @param port the same
     */
    public LaunchMode(
            @ConfigProperty(name = COMMAND, defaultValue = "serve") String command,
            @ConfigProperty(name = "quarkus.http.host") String host,
            @ConfigProperty(name = "quarkus.http.port") int port) {
        this.command = command;
        this.host = host;
        this.port = port;
    }

    /** Returns whether this process is the service: start-up restore, cron, HTTP. */
    public boolean serving() {
        return command.equals("serve") || demonstrating();
    }

    /** Returns whether the service runs its demonstration. */
    public boolean demonstrating() {
        return command.equals(ConfigProducer.DEMONSTRATION);
    }

    /**
     * Returns for example {@code `serve` on web-1 (pid 4711, http://0.0.0.0:8080)}, for the texts of
     * locks.
     */
    public String describe() {
        String who = "`" + command + "`" + machine() + " (pid "
                + ProcessHandle.current().pid();
        return serving() ? who + ", " + address() + ")" : who + ")";
    }

    /** Returns where HTTP listens while the service runs, for example {@code http://0.0.0.0:8080}. */
    public String address() {
        return "http://" + host + ":" + port;
    }

    /** Java knows no other way to the host's name that asks no name server. */
    private static String machine() {
        try {
            return " on " + Files.readString(HOST_NAME).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
