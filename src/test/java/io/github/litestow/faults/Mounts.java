package io.github.litestow.faults;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Small file systems of a trial's own. They need root. */
public final class Mounts {

    private Mounts() {}

    /** Mounts a tmpfs; it goes when the trial ends. */
    static void tmpfs(World world, Path where, String size) throws Exception {
        run("mount", "-t", "tmpfs", "-o", "size=" + size, "litestow-fault", where.toString());
        world.atEnd(() -> run("umount", "-l", where.toString()));
    }

    /** Writes until no byte more goes in. */
    static void fill(Path file) throws IOException {
        byte[] block = new byte[4096];
        try (OutputStream out = Files.newOutputStream(file)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).contains("No space")) {
                throw e;
            }
        }
    }

    static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException(List.of(command) + ": " + said);
        }
    }

    /** Returns whether this user may mount here. */
    public static boolean possible() {
        try (World world = new World()) {
            tmpfs(world, Files.createDirectory(world.folder.resolve("mount")), "1m");
            return true;
        } catch (Exception e) {
            return false;
        }
    }
}
