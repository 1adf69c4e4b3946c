package dev.cambium.cpu.kernels;

/** Has the JIT compiler compile the loops of a {@link Products} before they are needed. */
final class WarmUp {
    private static final int STEPS = 64;
    private static final long LIMIT_NANOS = 1_000_000_000;
    /** A call as small as ours takes less than this once it is compiled, and more than ten times this before. */
    private static final long COMPILED_NANOS = 5_000;

    private WarmUp() {}

    static void run(Products products) {
        long deadline = System.nanoTime() + LIMIT_NANOS;
        Panels panels = products.panels();
        int[] rows = new int[14];
        int[] steps = new int[STEPS];
        float[] array = new float[(STEPS + 14) * panels.wide() + products.edgeScratch()];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = i * panels.wide();
        }
        int edge = array.length - products.edgeScratch();
        int c = STEPS * panels.wide();
        long slowest;
        do {
            slowest = 0;
            for (int columns : new int[] {panels.wide(), panels.narrow()}) {
                for (int height : new int[] {14, 6, 2}) {
                    long start = System.nanoTime();
                    products.product(array, 0, rows, 0, height, steps, 0, STEPS, array, 0, columns, array, c, rows,
                            columns,
                            true, array, edge);
                    slowest = Math.max(slowest, System.nanoTime() - start);
                }
            }
            long start = System.nanoTime();
            products.channelwise(array, 0, rows, 0, 8, steps, 0, STEPS, array, 0, panels.narrow(), array, c, rows,
                    panels.narrow(), true);
            slowest = Math.max(slowest, System.nanoTime() - start);
        } while (slowest > COMPILED_NANOS && System.nanoTime() < deadline);
    }
}
