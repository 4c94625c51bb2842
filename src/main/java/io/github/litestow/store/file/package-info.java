/** A replica in a folder, {@code file://}. Part of {@code store}. */
package io.github.litestow.store.file;
