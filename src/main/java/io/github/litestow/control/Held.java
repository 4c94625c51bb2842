package io.github.litestow.control;

/** Something that is held until it is closed; closing it twice is a mistake. */
public interface Held extends AutoCloseable {
    @Override
    void close();
}
