package io.github.litestow.store;

/**
 * An object as read.
 *
 * @param body its bytes, not copied
 * @param version what a conditional write compares; opaque
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, only carried from the store to its reader
public record StoredObject(byte[] body, String version) {}
