package io.github.litestow.engine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * What a child wrote on one stream, in bounded memory: all of it up to a limit, and beyond that its
 * head and its tail. Filled by one thread, may be read by another at any time.
 */
final class BoundedOutput {
    private static final int CHUNK = 8192;

    private final int headLimit;
    private final byte[] tail;
    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
    private long beyondHead;

    /**
     * Creates an empty one.
     *
     * @param headLimit bytes kept from the beginning
     * @param tailLimit bytes kept from the end of what exceeds them
     */
    BoundedOutput(int headLimit, int tailLimit) {
        this.headLimit = headLimit;
        this.tail = new byte[tailLimit];
    }

    /**
     * Reads the stream to its end.
     *
     * @throws UncheckedIOException when reading fails; what was read until then is kept
     */
    void drain(InputStream stream) {
        byte[] chunk = new byte[CHUNK];
        try {
            for (int n = stream.read(chunk); n >= 0; n = stream.read(chunk)) {
                add(chunk, n);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns whether something was left out. */
    synchronized boolean truncated() {
        return beyondHead > tail.length;
    }

    /** Returns what is kept as UTF-8 text; a line in the middle says how much was left out. */
    synchronized String text() {
        int kept = (int) Math.min(beyondHead, tail.length);
        byte[] end = new byte[kept];
        for (int i = 0; i < kept; i++) {
            end[i] = tail[(int) ((beyondHead - kept + i) % tail.length)];
        }
        String gap = truncated() ? "\n[" + (beyondHead - kept) + " bytes left out]\n" : "";
        return head.toString(StandardCharsets.UTF_8) + gap + new String(end, StandardCharsets.UTF_8);
    }

    private synchronized void add(byte[] chunk, int length) {
        int toHead = Math.min(length, headLimit - head.size());
        head.write(chunk, 0, toHead);
        for (int i = toHead; i < length; i++) {
            tail[(int) (beyondHead++ % tail.length)] = chunk[i];
        }
    }
}
