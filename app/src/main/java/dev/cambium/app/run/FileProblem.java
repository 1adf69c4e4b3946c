package dev.cambium.app.run;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** What went wrong with a file, in words. */
public final class FileProblem {
    private FileProblem() {}

    /** A phrase without the file's name, such as {@code permission denied}; the exceptions of NIO often say the name alone. */
    public static String of(IOException failure) {
        return switch (failure) {
            case AccessDeniedException _ -> "permission denied";
            case NoSuchFileException _ -> "there is no such file or folder";
            case NotDirectoryException _ -> "it is not a folder";
            case FileAlreadyExistsException _ -> "a file of this name is in the way";
            case FileSystemException e when e.getReason() != null -> lowerFirst(e.getReason());
            default -> failure.getMessage() == null ? failure.toString() : lowerFirst(failure.getMessage());
        };
    }

    private static String lowerFirst(String text) {
        return text.isEmpty() ? text : Character.toLowerCase(text.charAt(0)) + text.substring(1);
    }
}
