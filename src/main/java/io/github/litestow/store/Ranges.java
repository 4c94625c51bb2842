package io.github.litestow.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** Reads a part of a file. */
public final class Ranges {

    private Ranges() {}

    /** Returns up to {@code length} bytes from {@code from}; fewer where the file ends before. */
    public static byte[] read(Path file, long from, int length) throws IOException {
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate(length);
            int read = 0;
            while (bytes.hasRemaining() && read >= 0) {
                read = in.read(bytes, from + bytes.position());
            }
            return Arrays.copyOf(bytes.array(), bytes.position());
        }
    }
}
