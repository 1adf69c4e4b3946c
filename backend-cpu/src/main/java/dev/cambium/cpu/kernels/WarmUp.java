package dev.cambium.cpu.kernels;

/**
 * Has the JIT compiler compile all {@link Tiles}, the loops over entries and {@link Winograd}'s before they are needed. The calls are
 * as short as they can be: until C2 has compiled a tile, which takes some 5,000 calls and then a tenth of a second, each of its
 * operations costs a thousand times what it will. Both ways through every branch are taken, lest C2 leaves one out and has to start
 * again.
 */
final class WarmUp {
    private static final int STEPS = 2;
    private static final int ROWS = 12;
    /** More calls than make C2 compile a method. */
    private static final int MIN_ROUNDS = 6_000;
    private static final int ROUNDS = 500;
    /** A round takes less than this only once all its tiles are compiled. */
    private static final long COMPILED_NANOS = 4_000;
    private static final long LIMIT_NANOS = 3_000_000_000L;

    private WarmUp() {}

    static void run(Products products) {
        Panels panels = products.panels();
        int[] rows = new int[ROWS];
        for (int i = 0; i < ROWS; i++) {
            rows[i] = i * panels.wide();
        }
        int c = STEPS * panels.wide();
        int edge = c + ROWS * panels.wide();
        float[] array = new float[edge + products.edgeScratch() + STEPS * 8 * products.lanes()];
        int[] entries = new int[ROWS + 1 + 3 * products.lanes()];
        entries[1] = STEPS;
        int[] found = new int[3 * products.lanes()];
        int[] squares = new int[4];
        int[] taps = taps(2 * products.lanes());

        long start = System.nanoTime();
        long before = start;
        long now = start;
        for (int round = 0; round < MIN_ROUNDS || now - before > ROUNDS * COMPILED_NANOS; round += ROUNDS) {
            if (now - start > LIMIT_NANOS) {
                return;
            }
            for (int i = 0; i < ROUNDS; i++) {
                round(products, rows, array, c, edge, i % 2 == 0);
                entries(products, entries, found, rows, taps, array, i % 2 == 0);
                winograd(products, squares, array, c, i % 2 == 0);
            }
            before = now;
            now = System.nanoTime();
        }
    }

    private static void round(Products products, int[] rows, float[] array, int c, int edge, boolean accumulate) {
        int wide = products.panels().wide();
        int narrow = products.panels().narrow();
        for (int height = 2; height <= ROWS; height += height == 2 ? 4 : 6) {
            products.product(array, 0, rows, 0, height, rows, 0, STEPS, array, 0, wide, array, c, rows, wide,
                    accumulate,
                    array, edge);
            products.product(array, 0, rows, 0, height, rows, 0, STEPS, array, 0, narrow, array, c, rows, narrow,
                    accumulate, array, edge);
        }
        products.channelwise(array, 0, rows, 0, 8, rows, 0, STEPS, array, 0, narrow, array, c, rows, narrow,
                accumulate);
    }

    /** Of a first row with {@link #STEPS} entries, all at its start. */
    private static void entries(Products products, int[] entries, int[] found, int[] rows, int[] taps, float[] array,
            boolean accumulate) {
        int lanes = products.lanes();
        for (int columns = 4 * lanes; columns <= 8 * lanes; columns += 4 * lanes) {
            products.sparseRows(array, 0, entries, 0, 1, 2, 0, 0, 1, 0, array, 0, columns, array, 0, rows, columns,
                    accumulate);
        }
        products.tapGradients(array, 0, entries, 0, 2, 2, rows, array, 0, taps, array, 0, 0, array, 0, 0);
        products.copyRows(array, 0, 0, array, lanes, lanes, STEPS, lanes);
        products.sampledDotsAndRows(array, 0, entries, 0, 1, 2, 0, 1, array, 0, 0, array, 0, 8 * lanes, array, 0,
                accumulate, array, 0, 0);
        products.moderate(array, 0, lanes);
        products.list(array, 0, 0, lanes, array, 0, found, 0);
        products.entries(array, 0, 1, lanes, found, 0, found, lanes, 2 * lanes, lanes);
    }

    /** Makes the loops over taps take nine, three and one. */
    private static int[] taps(int pixel) {
        int[] taps = new int[13];
        for (int i = 0; i < 12; i++) {
            taps[i] = i % 3 * pixel;
        }
        return taps;
    }

    /** Of one square, all of whose pixels and results are one. */
    private static void winograd(Products products, int[] zeros, float[] array, int to, boolean whole) {
        int channels = whole ? products.lanes() : 1;
        products.winogradInput(array, 0, zeros, 0, 1, 0, 0, channels, array, to, 0);
        products.winogradOutput(array, 0, 0, 1, channels, array, to, zeros, 0);
        products.winogradKernel(array, 0, 0, channels, array, to, 0);
    }
}
