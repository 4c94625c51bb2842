package io.github.litestow.cli;

import picocli.CommandLine.Option;

/** {@code --json}. */
final class JsonOption {
    @Option(names = "--json", description = "Print one JSON document on standard output.")
    boolean json;
}
