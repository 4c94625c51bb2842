package io.github.litestow.engine;

import io.github.litestow.outcome.FailureKind;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What an error of litestream 0.5.17 can mean that is no store's ({@link EngineStoreError}), in the
 * order in which it is asked: an error of a disk while a database is decoded speaks of both, and the
 * disk is the cause.
 */
enum EngineError {
    LOCKED(
            FailureKind.BUSY,
            "database is locked|SQLITE_BUSY|database table is locked",
            "Another process is writing without a pause or holds a lock: try again, or shorten its transactions."),
    DISK(
            FailureKind.DISK,
            "no space left on device|disk quota exceeded|read-only file system|input/output error|too many open files"
                    + "|disk full|disk I/O error|database or disk is full|file too large|readonly database",
            "Check free space, quota, owner and mode of the file and its folder, and the disk."),
    NOT_PERMITTED(
            FailureKind.DISK,
            "permission denied|operation not permitted|unable to open database file",
            "Litestow must be able to read and write the database, its folder, and the folder of the output."),
    REPLICA_NOT_PERMITTED(
            FailureKind.ACCESS_DENIED, "", "Litestow must be able to read and write the replica's folder."),
    NO_FOLDER(
            FailureKind.DISK,
            "not a directory|is a directory",
            "There is a file where a folder should be, or a folder in place of a file."),
    REPLICA_NO_FOLDER(FailureKind.REPLICA_MISSING, "", "REPLICA_URL must name a folder, and not a file."),
    OCCUPIED(
            FailureKind.REFUSED,
            "path already exists",
            "Litestow restores over nothing: restore to another name, or move the file away."),
    BAD_TXID(
            FailureKind.SETTINGS,
            "invalid txid format",
            "A transaction is named by 16 hexadecimal digits, see `list`."),
    BAD_URL(
            FailureKind.SETTINGS,
            "unknown replica type|unsupported replica URL scheme|required for \\w+ replica|must specify at least one replica",
            "Correct REPLICA_URL: s3://bucket/path, file:///path, or another scheme of litestream."),
    NOT_A_DATABASE(
            FailureKind.SOURCE_DAMAGED,
            "file is not a database|disk image is malformed|malformed database|read database page \\d+: \\w* ?EOF",
            "The local database is damaged. Restore the newest good point with `restore --replace`."),
    NO_BACKUP(
            FailureKind.REPLICA_MISSING,
            "no matching backup files|no backups found|no snapshots|timestamp does not exist|transaction not available",
            "Check REPLICA_URL, and with `list` what the replica holds."),
    NO_POSITION(
            FailureKind.REPLICA_UNREACHABLE,
            "no position, waiting for data",
            "What was uploaded is not there: what answers at LITESTOW_S3_ENDPOINT may be no object store."),
    DATABASE_GONE(
            FailureKind.SOURCE_DAMAGED,
            "",
            "The database vanished before it was replicated; `restore` brings it back."),
    DAMAGED(
            FailureKind.PROOF_FAILED,
            "checksum mismatch|decode database|decode header|decode page|invalid ltx file"
                    + "|non-contiguous|unexpected EOF|lz4: |missing WAL|missing ltx|invalid page size",
            "What is at the replica is damaged or incomplete: restore an earlier point, see `list` and --fallback."),
    INCOMPLETE(
            FailureKind.PROOF_FAILED,
            "",
            "A file of the replica is missing, or there never was such a transaction: see `list`, restore another point."),
    UNKNOWN(
            FailureKind.INTERNAL,
            "",
            "Please report this with the message at https://github.com/benbjohnson/litestream/issues or to Litestow.");

    final FailureKind kind;
    final String hint;
    private final Optional<Pattern> words;

    EngineError(FailureKind kind, String words, String hint) {
        this.kind = kind;
        this.hint = hint;
        this.words = words.isEmpty() ? Optional.empty() : Optional.of(Pattern.compile(words, Pattern.CASE_INSENSITIVE));
    }

    /** Returns the first meaning whose words are in the error, else {@link #UNKNOWN}. */
    static EngineError of(String error) {
        for (EngineError meaning : values()) {
            if (meaning.words.isPresent() && meaning.words.get().matcher(error).find()) {
                return meaning;
            }
        }
        return UNKNOWN;
    }
}
