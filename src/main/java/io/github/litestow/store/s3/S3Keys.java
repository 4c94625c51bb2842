package io.github.litestow.store.s3;

import io.github.litestow.outcome.ReplicaFile;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * The keys of a replica in its bucket. On S3 the engine (litestream 0.5.17) names the folder of a
 * level by four hexadecimal digits, {@code PATH/0009/MIN-MAX.ltx}, with no {@code ltx} above it.
 */
final class S3Keys {
    /** What the keys of all ten levels begin with, so that one listing finds them. */
    private static final String LEVELS = "000";

    private static final Pattern ENGINE_KEY = Pattern.compile("000(\\d)/([^/]+)");

    private static final Pattern RELATIVE = Pattern.compile("ltx/(\\d)/([^/]+)");

    private final String prefix;

    /** Keys below a path without slashes around it. */
    S3Keys(String path) {
        this.prefix = path + "/";
    }

    /** Returns what all keys of the engine's files begin with. */
    String levels() {
        return prefix + LEVELS;
    }

    /** Returns what all keys of a replica written by litestream 0.3 begin with. */
    String oldFormat() {
        return prefix + "generations/";
    }

    /** Returns the whole key of an object of our own. */
    String of(String key) {
        return prefix + key;
    }

    /** Returns what is called so below the replica, the engine's files as {@link ReplicaFile#key()} has it. */
    String relative(String whole) {
        String key = whole.substring(prefix.length());
        Matcher engine = ENGINE_KEY.matcher(key);
        return engine.matches() ? "ltx/" + engine.group(1) + "/" + engine.group(2) : key;
    }

    /** Returns the whole key of what {@link #relative} made shorter. */
    String absolute(String relative) {
        Matcher engine = RELATIVE.matcher(relative);
        return prefix + (engine.matches() ? LEVELS + engine.group(1) + "/" + engine.group(2) : relative);
    }

    /** Returns the whole key of one of the engine's files. */
    String of(ReplicaFile file) {
        return prefix + LEVELS + file.level() + "/" + file.minTxid() + "-" + file.maxTxid() + ".ltx";
    }

    /** Returns the engine's file that an object is; empty when it is not one. */
    Optional<ReplicaFile> file(S3Object object) {
        Matcher key = ENGINE_KEY.matcher(object.key().substring(prefix.length()));
        return key.matches()
                ? ReplicaFile.of("ltx/" + key.group(1) + "/" + key.group(2), object.size(), object.lastModified())
                : Optional.empty();
    }
}
