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
        int[] entries = {0, STEPS, 2 * STEPS, 2 * STEPS, 0, 0, 0, 0};
        int[] found = new int[5 * (products.lanes() + 1)];
        float[] mixed = new float[2 * (products.lanes() + 1)];
        for (int i = 0; i < mixed.length; i += 2) {
            mixed[i] = 1;
        }
        int[] squares = new int[8];
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
                entries(products, entries, found, rows, taps, mixed, array, i % 2 == 0);
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
        products.product(array, 0, rows, 0, 1, rows, 0, STEPS, array, 0, wide, array, c, rows, wide - 1, accumulate,
                array, edge);
        products.channelwise(array, 0, rows, 0, 8, rows, 0, STEPS, array, 0, narrow, array, c, rows, narrow,
                accumulate);
    }

    /** Of two rows with {@link #STEPS} entries each, all at its start, and one with none. */
    private static void entries(Products products, int[] entries, int[] found, int[] rows, int[] taps, float[] mixed,
            float[] array,
            boolean accumulate) {
        int lanes = products.lanes();
        for (int width = 4 * lanes; width <= 8 * lanes; width += 4 * lanes) {
            products.sparseRows(array, 0, entries, 0, 1, 4, 0, 2, array, 0, width, array, 0, rows, width,
                    accumulate);
        }
        products.tapGradients(array, 0, entries, 0, 3, 4, rows, array, 0, taps, array, 0, 0, array, 0, 0);
        products.copyRows(array, 0, 0, array, lanes, lanes, STEPS, lanes);
        products.sampledDotsAndRows(array, 0, entries, 0, 1, 4, 0, 2, array, 0, 0, array, 0, 8 * lanes, array, 0,
                accumulate, array, 0, 0);
        SampledProduct.storeTotals(array, 0, entries, 4, accumulate ? STEPS : 0, array, 0, 0);
        int columns = lanes + (accumulate ? 1 : 0);
        products.moderate(array, 0, 2, columns, columns);
        products.count(mixed, 0, columns);
        products.list(mixed, 0, 0, columns, array, 0, found, 0);
        products.entries(mixed, 0, 2, columns, found, 0, found, columns, 3 * columns, 2 * columns);
    }

    /** Makes the loops over taps take nine, three and one. */
    private static int[] taps(int pixel) {
        int[] taps = new int[13];
        for (int i = 0; i < 12; i++) {
            taps[i] = i % 3 * pixel;
        }
        return taps;
    }

    /** Of two squares, all of whose pixels and results are one. */
    private static void winograd(Products products, int[] zeros, float[] array, int to, boolean whole) {
        int channels = whole ? products.lanes() : 1;
        products.winogradInput(array, 0, zeros, 0, 2, 0, 0, channels, array, to, 0);
        products.winogradOutput(array, 0, 0, 2, channels, array, to, zeros, 0);
        products.winogradKernel(array, 0, 0, channels, array, to, 0);
    }
}
