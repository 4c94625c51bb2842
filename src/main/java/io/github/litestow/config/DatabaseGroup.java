package io.github.litestow.config;

import io.github.litestow.LitestowConfig;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Many databases that share their settings, and differ by the name in their path and their replica's URL.
 * Which there are is found out while the service runs. Pure and immutable; nothing here looks at a disk.
 *
 * @param name the group's name in the settings; empty for the top level
 * @param folder the real folder that the paths are in
 * @param path the path of a database within the folder, with {@code /} between its parts
 * @param url the replica's URL
 * @param scheme the scheme of that URL, lower case
 * @param s3 credentials and endpoint, used when the replicas are on S3
 * @param settings everything else
 * @param taken with what no name of the top level may begin, because a database or group is called so
 */
public record DatabaseGroup(
        String name,
        Path folder,
        NamePattern path,
        NamePattern url,
        String scheme,
        S3Settings s3,
        LitestowConfig.Database settings,
        Set<String> taken) {

    /**
     * Returns the name of the database that a path belongs to, without the group's; empty when no database of
     * this group may be there.
     *
     * @param relative a path within {@link #folder}
     */
    public Optional<String> nameOf(Path relative) {
        return member(relative).filter(this::nameable);
    }

    /**
     * Returns why a file that fits the path is no database of this group, and what to do, for a person; empty
     * when it is one, or does not fit.
     *
     * @param relative a path within {@link #folder}
     */
    public Optional<String> unfit(Path relative) {
        return member(relative)
                .flatMap(member -> NamePattern.unfit(member)
                        .or(() -> Optional.of("another database or group has its name; rename it")
                                .filter(taken -> !nameable(member))));
    }

    private Optional<String> member(Path relative) {
        return path.nameIn(relative.toString().replace(relative.getFileSystem().getSeparator(), "/"));
    }

    /** Returns whether a database of this group may be called so. */
    private boolean nameable(String member) {
        int slash = member.indexOf('/');
        return NamePattern.nameable(member) && !taken.contains(slash < 0 ? member : member.substring(0, slash));
    }

    /** Returns whether a path is where restores put copies, which are nobody's database. */
    public boolean copies(Path relative) {
        for (Path part : relative) {
            if (part.toString().equals(NamePattern.COPIES)) {
                return true;
            }
        }
        return false;
    }

    /** Returns the name of the database whose replica is at this part below {@link #replicaRoot}; empty when none may be. */
    public Optional<String> nameOfReplica(String part) {
        return NamePattern.decoded(part).filter(this::nameable);
    }

    /** Returns the name that commands, HTTP and reports use. */
    public String fullName(String member) {
        return name.isEmpty() ? member : name + "/" + member;
    }

    /** Returns the name within the group of a database with this full name; empty when none of this group can have it. */
    public Optional<String> memberOf(String fullName) {
        String prefix = name.isEmpty() ? "" : name + "/";
        return Optional.of(fullName)
                .filter(text -> text.startsWith(prefix))
                .map(text -> text.substring(prefix.length()))
                .filter(this::nameable);
    }

    /**
     * Returns the database of this name, whether it exists or not.
     *
     * @param member its name within the group, as from {@link #nameOf}
     */
    public ConfiguredDatabase database(String member) {
        return new ConfiguredDatabase(
                fullName(member),
                folder.resolve(path.with(member)),
                new ReplicaUrl(url.with(NamePattern.encoded(member)), scheme),
                s3,
                settings,
                Optional.of(this));
    }

    /** Returns the place that the replicas of all its databases are in. */
    public ReplicaUrl replicaRoot() {
        return new ReplicaUrl(url.before().replaceFirst("(?<!:/)(?<!:)/$", ""), scheme);
    }

    /** Returns how many parts of the replica's URL of a database come after {@link #replicaRoot}. */
    public int partsBelowRoot() {
        // The name itself is one part.
        return 1 + (int) url.after().chars().filter(each -> each == '/').count();
    }

    /** Returns the group's name for a person. */
    public String title() {
        return name.isEmpty() ? "the databases of DB_SQLITE" : "group " + name;
    }
}
