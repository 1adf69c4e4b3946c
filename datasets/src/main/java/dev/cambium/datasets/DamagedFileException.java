package dev.cambium.datasets;

import java.io.IOException;

/** A file was read, but does not hold what it should; the message names it, what was found and what was expected. */
final class DamagedFileException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedFileException(String message) {
        super(message);
    }
}
