package dev.cambium.cpu.kernels;

/**
 * Where the steps of a {@linkplain Products#product product}'s sums are in a row of its left operand. Where they are consecutive, loops
 * need no table and take some 0.9 of the time with vectors of 16 floats, and 0.8 with vectors of 8.
 */
public final class Steps {
    private final int[] offsets;
    private final boolean consecutive;

    private Steps(int[] offsets) {
        this.offsets = offsets;
        boolean consecutive = true;
        for (int i = 1; i < offsets.length; i++) {
            consecutive &= offsets[i] == offsets[i - 1] + 1;
        }
        this.consecutive = consecutive;
    }

    /** Returns steps at any offsets; the array is not copied. */
    static Steps at(int[] offsets) {
        return new Steps(offsets);
    }

    /** Returns steps that are a stride apart. */
    static Steps apart(int count, int stride) {
        return new Steps(Products.offsets(count, stride));
    }

    /** Returns the offset of each step; not to be written to. */
    int[] offsets() {
        return offsets;
    }

    /** Returns whether each offset is one more than the one before. */
    boolean consecutive() {
        return consecutive;
    }

    /** Returns how many there are. */
    int count() {
        return offsets.length;
    }
}
