package dev.cambium.cpu.kernels;

/**
 * Where the steps of a {@linkplain Products#product product}'s sums are in a row of its left operand.
 *
 * @param offsets offset of each step; not to be written to
 * @param consecutive whether each is one more than the one before: loops then need no table, and take some 0.9 of the time with vectors of
 *        16 floats, and 0.8 with vectors of 8
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Steps(int[] offsets, boolean consecutive) {
    /** Returns steps at any offsets. */
    static Steps at(int[] offsets) {
        boolean consecutive = true;
        for (int i = 1; i < offsets.length; i++) {
            consecutive &= offsets[i] == offsets[i - 1] + 1;
        }
        return new Steps(offsets, consecutive);
    }

    /** Returns steps that are a stride apart. */
    static Steps apart(int count, int stride) {
        return at(Products.offsets(count, stride));
    }

    /** Returns how many there are. */
    int count() {
        return offsets.length;
    }
}
