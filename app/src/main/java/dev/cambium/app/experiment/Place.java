package dev.cambium.app.experiment;

import java.util.OptionalInt;

/**
 * Where something was written.
 *
 * @param source
 *            a file, or an option of the command line
 * @param line
 *            counted from 1; none of an option
 * @param column
 *            counted from 1
 */
record Place(String source, OptionalInt line, int column) {
    /** A place that has no lines. */
    Place(String source) {
        this(source, OptionalInt.empty(), 1);
    }

    /** As compilers write it, so that editors find it. */
    @Override
    public String toString() {
        return line.isPresent() ? "%s:%d:%d".formatted(source, line.getAsInt(), column) : source;
    }
}
