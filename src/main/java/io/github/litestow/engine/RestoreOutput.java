package io.github.litestow.engine;

import io.github.litestow.outcome.ErrorText;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The file that the engine restores to: free before, there and whole after, or gone without a trace. */
final class RestoreOutput {
    private static final String MAGIC = "SQLite format 3\0";
    private static final int HEADER_BYTES = 100;
    private static final int PAGE_SIZE_AT = 16;
    private static final int CHANGE_COUNTER_AT = 24;
    private static final int PAGES_AT = 28;
    private static final int VALID_FOR_AT = 92;
    private static final int LARGEST_PAGE = 65_536;

    private RestoreOutput() {}

    static void requireFree(Path output) throws Failure {
        if (Files.exists(output, LinkOption.NOFOLLOW_LINKS)) {
            throw new Failure(
                    FailureKind.REFUSED,
                    "cannot restore to " + output + ": it exists",
                    "Litestow restores over nothing: restore to another name, or move the file away.");
        }
    }

    static void requireRestored(Path output, Optional<String> wanted, String answer) throws Failure {
        String problem = "";
        try {
            if (!Files.isRegularFile(output, LinkOption.NOFOLLOW_LINKS)) {
                problem = "left no file";
            } else if (Files.size(output) == 0) {
                problem = "left an empty file";
            } else if (wanted.isPresent() && !wanted.get().equalsIgnoreCase(answer)) {
                problem = "restored \"" + answer + "\" instead of " + wanted.get();
            } else {
                problem = incomplete(output);
            }
        } catch (IOException e) {
            throw Failure.disk("cannot read " + output, e);
        }
        if (!problem.isEmpty()) {
            throw EngineFailures.notBelieved(
                    "litestream restore ended without an error, but " + problem,
                    "Nothing counts as restored. Check that the binary is litestream of generation 0.5.");
        }
    }

    /** Whatever the engine checked, what is on the disk now must be as long as its own header says. */
    private static String incomplete(Path output) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        try (FileChannel file = FileChannel.open(output, StandardOpenOption.READ)) {
            while (header.hasRemaining() && file.read(header) >= 0) {
                // A short file leaves the rest zero.
            }
            byte[] magic = Arrays.copyOf(header.array(), MAGIC.length());
            if (!MAGIC.equals(new String(magic, StandardCharsets.ISO_8859_1))) {
                return "left a file that is no SQLite database";
            }
            int pageSize = Short.toUnsignedInt(header.getShort(PAGE_SIZE_AT));
            long bytes = Integer.toUnsignedLong(header.getInt(PAGES_AT)) * (pageSize == 1 ? LARGEST_PAGE : pageSize);
            // SQLite itself believes the number of pages only then.
            boolean believed = header.getInt(CHANGE_COUNTER_AT) == header.getInt(VALID_FOR_AT);
            return believed && file.size() < bytes ? "left " + file.size() + " of " + bytes + " bytes" : "";
        }
    }

    static void removeRemains(Path output) throws Failure {
        List<Path> remains = new ArrayList<>();
        for (String suffix : List.of("", "-wal", "-shm", "-journal")) {
            remains.add(output.resolveSibling(output.getFileName() + suffix));
        }
        Path folder = output.toAbsolutePath().getParent();
        try {
            if (folder != null && Files.isDirectory(folder)) {
                try (DirectoryStream<Path> scratch = Files.newDirectoryStream(
                        folder, file -> String.valueOf(file.getFileName()).startsWith(output.getFileName() + ".tmp"))) {
                    scratch.forEach(remains::add);
                }
            }
            for (Path file : remains) {
                Files.deleteIfExists(file);
            }
        } catch (DirectoryIteratorException | IOException e) {
            throw new Failure(
                    FailureKind.DISK,
                    ErrorText.sentence("cannot remove what a failed restore left at " + output + "*", e),
                    "Delete it by hand, and check the disk and the folder's mode.",
                    e);
        }
    }
}
