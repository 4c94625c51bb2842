package io.github.litestow.sqlite;

import io.github.litestow.outcome.Failure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** {@code PRAGMA user_version}, in which many applications count their migrations. */
public final class UserVersion {
    private static final int AT = 60;

    private UserVersion() {}

    /**
     * Reads it from the header of a file that nobody else uses.
     *
     * @return empty when the file is too short to have one
     * @throws Failure {@code DISK} when it cannot be read
     */
    public static Optional<Integer> of(Path file) throws Failure {
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.read(bytes, AT) == Integer.BYTES ? Optional.of(bytes.getInt(0)) : Optional.empty();
        } catch (IOException e) {
            throw LocalFile.unreadable(file, e);
        }
    }
}
