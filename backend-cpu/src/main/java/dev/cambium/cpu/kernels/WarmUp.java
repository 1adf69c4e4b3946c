package dev.cambium.cpu.kernels;

import java.util.ArrayList;
import java.util.List;

/**
 * Has the JIT compiler compile all {@link Tiles} and {@link PooledTiles}, the loops over entries and {@link Winograd}'s before they are
 * needed. C2 compiles a tile after some 5,000 calls. Until then each operation with vectors costs a thousand times what it will, and the
 * methods of the vector library, which are of no use by themselves, are called so often that C2 takes its time to compile them first. So
 * most calls are empty, and the others short. Those take both ways through every branch, and go round every loop more than once, lest
 * C2 leaves a way out and has to start again.
 */
final class WarmUp {
    private static final int STEPS = 2;
    private static final int ROWS = 12;
    /** One pair of calls of so many is not empty: rare, yet not so rare that C2 would not inline what it calls. */
    private static final int PAIRS = 25;
    /** Calls that are looked at. */
    private static final int TIMED_CALLS = 4;
    /** A call takes less than this once it is compiled, and many times this before. */
    private static final long COMPILED_NANOS = 300;
    private static final long LIMIT_NANOS = 3_000_000_000L;

    private final Products products;
    private final int lanes;
    private final int wide;
    private final int middle;
    private final int narrow;
    /** Where results go in the array, and the edges of panels. */
    private final int results;
    private final int edge;
    private final float[] array;
    /** Some zeros, some not. */
    private final float[] mixed;
    private final int[] rows = new int[ROWS];
    private final Steps apart;
    private final Steps consecutive = Steps.apart(STEPS, 1);
    /** Two lists of {@link #STEPS} entries each, all at the start, and one with none; the entries begin at 4. */
    private final int[] entries = {0, STEPS, 2 * STEPS, 2 * STEPS, 0, 0, 0, 0};
    private final int[] found;
    private final int[] squares = new int[8];
    private final int[] nowhere = new int[STEPS];
    private final int[] none = {};
    /** Makes the loops over taps take nine, three and one. */
    private final int[] taps = new int[13];
    /** Every other call is odd. */
    private boolean odd;
    private boolean empty;

    private WarmUp(Products products) {
        this.products = products;
        lanes = products.lanes();
        wide = products.panels().wide();
        middle = products.panels().middle();
        narrow = products.panels().narrow();
        results = STEPS * wide;
        edge = results + ROWS * wide;
        array = new float[edge + products.edgeScratch() + STEPS * 8 * lanes];
        mixed = new float[2 * (lanes + 1)];
        found = new int[5 * (lanes + 1)];
        for (int i = 0; i < ROWS; i++) {
            rows[i] = i * wide;
        }
        apart = Steps.apart(STEPS, wide);
        for (int i = 0; i < mixed.length; i += 2) {
            mixed[i] = 1;
        }
        for (int i = 0; i < 12; i++) {
            taps[i] = i % 3 * 2 * lanes;
        }
    }

    /** Returns when all loops are compiled, or the time is up. */
    static void run(Products products) {
        new WarmUp(products).run();
    }

    private void run() {
        UntilCompiled.call(kernels(), this::call, this::isCompiled, LIMIT_NANOS);
    }

    private boolean isCompiled(Runnable kernel) {
        empty = false;
        long start = System.nanoTime();
        for (int call = 0; call < TIMED_CALLS; call++) {
            odd = !odd;
            kernel.run();
        }
        return System.nanoTime() - start < TIMED_CALLS * COMPILED_NANOS;
    }

    private void call(Runnable kernel, int calls) {
        for (int call = 0; call < calls; call++) {
            odd = !odd;
            empty = call / 2 % PAIRS != 0;
            kernel.run();
        }
    }

    private List<Runnable> kernels() {
        var kernels = new ArrayList<Runnable>();
        kernels.add(() -> product(6, wide, consecutive));
        for (int height : new int[] {6, 2}) {
            kernels.add(() -> product(height, wide, apart));
        }
        for (int height : new int[] {12, 6, 2}) {
            kernels.add(() -> product(height, narrow, apart));
        }
        if (middle > narrow) {
            kernels.add(() -> product(8, middle, apart));
            kernels.add(() -> product(2, middle, apart));
        }
        kernels.add(() -> product(1, wide - 1, apart));
        kernels.add(() -> products.winogradInput(array, 0, squares, 0, count(2), 0, 0, channels(), array, results, 0));
        kernels.add(() -> products.winogradOutput(array, 0, 0, count(2), channels(), array, results, squares, 0));
        kernels.add(
                () -> products.winogradPooledOutput(array, 0, 0, count(2), channels(), array, 0, 0, array, results, 0,
                        array, edge));
        kernels.add(() -> products.winogradKernel(array, 0, 0, count(channels()), array, results, 0));
        kernels.add(() -> products.winogradGradient(array, 0, squares, 0, count(2), 0, 0, channels(), array, results,
                0, 0));
        kernels.add(() -> products.winogradKernelGradient(array, 0, 0, count(channels())));
        kernels.add(() -> sparseRows(8 * lanes));
        kernels.add(() -> products.sampledDotsAndRows(array, 0, entries, 0, 1, 4, count(2), array, 0, 0, array, 0,
                8 * lanes, array, 0, odd, array, 0, 0, odd));
        kernels.add(() -> products.tapGradients(array, 0, entries, 0, count(3), 4, rows, array, 0, taps, array, 0, 0,
                array, 0, 0));
        if (products.pools(2 * lanes)) {
            kernels.add(() -> products.pooledProduct(array, 0, nowhere, 0, 0, places(), array, 0, 0, 2 * lanes, array,
                    0, 0, array, results, 0, array, edge));
            kernels.add(() -> products.spreadProduct(array, 0, places(), 0, 0, nowhere, 2 * lanes, mixed, 0, 0, mixed,
                    0, array, results, nowhere, odd));
        }
        kernels.add(() -> products.count(mixed, 0, count(columns())));
        kernels.add(() -> products.list(mixed, 0, 0, count(columns()), array, 0, found, 0));
        kernels.add(() -> products.entries(mixed, 0, count(2), columns(), found, 0, found, columns(), 3 * columns(),
                2 * columns()));
        kernels.add(() -> products.moderate(array, 0, count(2), columns(), columns()));
        kernels.add(() -> SampledProduct.storeTotals(array, 0, entries, 4, odd ? STEPS : 0, array, 0, 0));
        kernels.add(() -> products.copyRows(array, 0, 0, array, lanes, lanes, count(STEPS), lanes));
        kernels.add(() -> sparseRows(4 * lanes));
        kernels.add(this::channelwise);
        return kernels;
    }

    /** A product of no rows does not come to a tile, so empty calls are of the tile itself. */
    private void product(int height, int columns, Steps steps) {
        int width = products.panels().width(columns);
        if (empty) {
            int vectors = width / lanes;
            VectorProducts.tile(vectors, VectorProducts.height(vectors, height), array, 0, rows, 0, 0, steps, 0, STEPS,
                    array, 0, width, array, results, rows, 0, odd);
        } else {
            products.product(array, 0, rows, 0, height, steps, 0, STEPS, array, 0, width, array, results, rows, columns,
                    odd, array, edge);
        }
    }

    private void channelwise() {
        if (empty) {
            Tiles.channels8(array, 0, rows, 0, 0, rows, 0, STEPS, array, 0, narrow, array, results, rows, odd);
        } else {
            products.channelwise(array, 0, rows, 0, 8, rows, 0, STEPS, array, 0, narrow, array, results, rows, narrow,
                    odd);
        }
    }

    private void sparseRows(int width) {
        products.sparseRows(array, 0, entries, 0, 1, 4, count(2), array, 0, width, array, 0, rows, width, odd);
    }

    private int count(int all) {
        return empty ? 0 : all;
    }

    private int[] places() {
        return empty ? none : nowhere;
    }

    /** A vector of channels, or fewer. */
    private int channels() {
        return odd ? lanes : 1;
    }

    /** A vector of columns, or some more. */
    private int columns() {
        return odd ? lanes + 1 : lanes;
    }
}
