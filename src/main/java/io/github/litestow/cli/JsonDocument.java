package io.github.litestow.cli;

/** What {@code --json} prints: one record per kind of document, registered for reflection. */
interface JsonDocument {}
