package io.github.litestow.outcome;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Optional;

/** Says for a person what Java says in names of classes. */
public final class ErrorText {

    private ErrorText() {}

    /**
     * Returns {@code what} with the reason behind it: "cannot write /a/b: permission denied". A file
     * that the system names is told when {@code what} does not name it.
     *
     * @param what what failed, without a full stop
     * @param e why
     */
    public static String sentence(String what, Exception e) {
        String file = file(e).filter(name -> !what.contains(name)).orElse("");
        return what + ": " + of(e) + (file.isEmpty() ? "" : " (" + file + ")");
    }

    /** Returns the reason alone, in one line. */
    public static String of(Exception e) {
        Exception cause = unwrapped(e);
        if (cause instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (cause instanceof NoSuchFileException) {
            return "it does not exist";
        }
        if (cause instanceof FileAlreadyExistsException) {
            return "it exists already";
        }
        if (cause instanceof NotDirectoryException) {
            return "it is not a folder";
        }
        if (cause instanceof DirectoryNotEmptyException) {
            return "the folder is not empty";
        }
        if (cause instanceof FileSystemLoopException) {
            return "its symbolic links lead in a circle";
        }
        if (cause instanceof AtomicMoveNotSupportedException) {
            return "it is on another file system";
        }
        if (cause instanceof UnknownHostException) {
            return "unknown host " + cause.getMessage();
        }
        // Else it is the operating system's own word, as "No space left on device".
        String words = cause instanceof FileSystemException file ? file.getReason() : cause.getMessage();
        return words == null || words.isBlank()
                ? "no reason given (" + cause.getClass().getSimpleName() + ")"
                : words.lines().findFirst().orElse(words).strip();
    }

    private static Optional<String> file(Exception e) {
        return unwrapped(e) instanceof FileSystemException file
                ? Optional.ofNullable(file.getFile())
                : Optional.empty();
    }

    private static Exception unwrapped(Exception e) {
        boolean wrapper = e instanceof UncheckedIOException || e instanceof DirectoryIteratorException;
        return wrapper && e.getCause() instanceof IOException io ? io : e;
    }
}
