package dev.cambium;

import static dev.cambium.Stability.Level.STABLE;

import org.jspecify.annotations.Nullable;

/**
 * A problem that the user of the platform can mend: a setting out of range, a damaged file, shapes that do not fit.
 *
 * <p>
 * Its message is a whole explanation (what was wrong, where, what to do) and is shown to people as it is, without a stack
 * trace. Every other exception that leaves the platform is a defect of the platform or of a plugin.
 */
@Stability(value = STABLE, since = "0.1")
public class CambiumException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception with a message that stands on its own. */
    public CambiumException(String message) {
        super(message);
    }

    /** Creates the exception with a message that stands on its own and the failure behind it, if there is one. */
    public CambiumException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
