package dev.cambium.cpu.kernels;

/**
 * Where cache lines begin in a {@code float[]}. Kernels are fastest if what they read and write begins on a line, which
 * nothing but speed depends on.
 */
public final class Alignment {
    /** Floats of a cache line. */
    public static final int LINE = 16;

    private Alignment() {}

    /** Returns the least multiple of a cache line's floats that is no less than {@code floats}. */
    public static int roundUp(int floats) {
        return (floats + LINE - 1) & -LINE;
    }
}
