package dev.cambium.cpu.kernels;

import java.util.Optional;

/**
 * The register-tiled loops that all dense products are made of. This is the only door to vectorised code: {@link #best()}
 * returns an implementation over {@code jdk.incubator.vector} where the JVM has that module, and its scalar twin elsewhere.
 * Implementations keep no state, allocate nothing and may be called by any number of threads.
 *
 * <p>Both products read their left operand through two tables of offsets: element (i, s) of A is
 * {@code a[aOffset + rows[i] + steps[s]]}. So one loop serves a matrix stored either way (rows {@code i * stride}, steps
 * {@code s}, or the reverse), a convolution as an implicit product (rows: output positions, steps: kernel taps and
 * channels), and its weight gradient (the same two tables, swapped).
 *
 * <p>A call sums every result element from zero, one fused multiply-add after the other in the order of the steps, and then
 * adds it to what C holds: the bits don't depend on the tile that the element fell into.
 */
public sealed interface Products permits ScalarProducts, VectorProducts {
    /** Returns the fastest implementation that this JVM can run: the vectorised one unless there is a {@link #limitation}. */
    static Products best() {
        return limitation().isPresent() ? new ScalarProducts() : new VectorProducts();
    }

    /** Returns why {@link #best} has to do without vectors, and what a user can do about it; empty if it doesn't. */
    static Optional<String> limitation() {
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            return Optional.of("Java's Vector API is not loaded, so products run many times slower than they could: "
                    + "start java with --add-modules jdk.incubator.vector");
        }
        if (!FusedMultiplyAdd.AVAILABLE) {
            return Optional.of("This JVM uses no fused multiply-add instructions, so products run without vectors: "
                    + "start java without -XX:-UseFMA, on a processor that has them");
        }
        var compilers = System.getProperty("java.vm.info", "");
        if (compilers.contains("interpreted") || compilers.contains("emulated-client")) {
            return Optional.of("This JVM runs without its optimizing compiler (" + compilers
                    + "), so products run without vectors: start java without -Xint and -XX:TieredStopAtLevel");
        }
        return Optional.empty();
    }

    /** Returns a table of offsets, of rows or steps that lie a stride apart. */
    static int[] offsets(int count, int stride) {
        int[] offsets = new int[count];
        for (int i = 0; i < count; i++) {
            offsets[i] = i * stride;
        }
        return offsets;
    }

    /** Returns the implementation that needs neither the Vector API nor fused multiply-add instructions. */
    static Products scalar() {
        return new ScalarProducts();
    }

    /** Returns how the columns of a right operand are cut into the panels that {@link #product} takes one at a time. */
    Panels panels();

    /** Returns the floats of scratch that {@link #product} needs. */
    int edgeScratch();

    /**
     * Computes one panel of columns of C = A·B, or C += A·B:
     * {@code c[cOffset + cRows[i] + j] (+)= Σ a[aOffset + rows[i] + steps[s]] * b[bOffset + (s - stepFrom) * bStride + j]}
     * for i in [rowFrom, rowTo), j in [0, columns) and s in [stepFrom, stepTo).
     *
     * @param a the left operand's array
     * @param aOffset what all its offsets are relative to
     * @param rows offset of each row of A
     * @param rowFrom first row of A and C to compute
     * @param rowTo end of the rows
     * @param steps the steps of the sum within a row of A
     * @param stepFrom first step
     * @param stepTo end of the steps; none at all makes the product zero
     * @param b the right operand's array
     * @param bOffset the panel's element for the first step and column; the panel's full width must be readable at each step
     * @param bStride from one step to the next in b
     * @param c the result's array
     * @param cOffset what the result's offsets are relative to
     * @param cRows offset of each row of C, indexed as {@code rows}; different rows must not overlap
     * @param columns columns to compute, from 1 to the width of a wide panel; {@link Panels#width} tells how many a tile takes
     * @param accumulate whether to add to what C holds
     * @param edge scratch of {@link #edgeScratch()} floats
     * @param edgeOffset where the scratch begins
     */
    void product(float[] a, int aOffset, int[] rows, int rowFrom, int rowTo, Steps steps, int stepFrom, int stepTo,
            float[] b, int bOffset, int bStride, float[] c, int cOffset, int[] cRows, int columns, boolean accumulate,
            float[] edge, int edgeOffset);

    /**
     * Computes a product channel by channel, as a depthwise convolution needs it:
     * {@code c[cOffset + cRows[i] + j] (+)= Σ a[aOffset + rows[i] + steps[s] + j] * b[bOffset + (s - stepFrom) * bStride + j]}
     * for i in [rowFrom, rowTo), j in [0, channels) and s in [stepFrom, stepTo). Arguments as in {@link #product}; any number
     * of channels is computed exactly, without scratch.
     */
    void channelwise(float[] a, int aOffset, int[] rows, int rowFrom, int rowTo, int[] steps, int stepFrom, int stepTo,
            float[] b, int bOffset, int bStride, float[] c, int cOffset, int[] cRows, int channels, boolean accumulate);

    /**
     * Packs part of a matrix into one panel: {@code panel[panelOffset + s * width + j] = b[bOffset + s * stepStride + j *
     * columnStride]} for s in [0, steps) and j in [0, columns), and 0 for j in [columns, width).
     *
     * @param b the matrix
     * @param bOffset its first element
     * @param stepStride from one step to the next
     * @param columnStride from one column to the next
     * @param steps steps to pack
     * @param columns columns to pack, at most {@code width}
     * @param panel where the panel goes
     * @param panelOffset its first element
     * @param width the panel's width
     */
    void pack(float[] b, int bOffset, int stepStride, int columnStride, int steps, int columns, float[] panel,
            int panelOffset, int width);

    /** Returns the lanes of a vector; 1 without vectors. */
    int lanes();

    /**
     * Returns whether no element is NaN or as large as 2⁴⁸, so that no sum of products of two such matrices is NaN or infinite: what
     * is then multiplied by zero may as well be left out.
     */
    default boolean moderate(float[] a, int offset, int count) {
        return moderate(a, offset, 1, 0, count);
    }

    /** Returns whether all elements of some rows are moderate. */
    boolean moderate(float[] a, int offset, int rows, int stride, int columns);

    /**
     * Lists the elements of part of a row that are not zero, with their columns. Behind what it lists it may write anything to as many
     * places as a vector has {@link #lanes()}.
     *
     * @param a array of the row
     * @param offset where column 0 is
     * @param from first column
     * @param to end of the columns
     * @param values array that takes the elements
     * @param valuesOffset where the first one goes
     * @param columns array that takes their columns
     * @param columnsOffset where the first one goes
     * @return how many there are
     */
    int list(float[] a, int offset, int from, int to, float[] values, int valuesOffset, int[] columns,
            int columnsOffset);

    /**
     * Finds the elements of a row-major matrix that are not zero, row by row.
     *
     * @param a array of the matrix
     * @param offset where it begins
     * @param rows rows of the matrix
     * @param columns columns of the matrix
     * @param counts array to which each column's entries are counted
     * @param countsOffset the count of column 0
     * @param found array of the entries' rows and columns
     * @param rowsOffset where the rows go
     * @param columnsOffset where the columns go
     * @param capacity how many there is room for
     * @return how many there are, or −1 if they are more than there is room for
     */
    int entries(float[] a, int offset, int rows, int columns, int[] counts, int countsOffset, int[] found,
            int rowsOffset, int columnsOffset, int capacity);

    /**
     * Adds what lists of entries give to both gradients of patches. Pixels lie beside their gradients: {@link #lanes()} channels of a
     * pixel, then the gradient by these. For all lists l, their entries e, taps t and lanes i, where {@code at} is {@code imageOffset +
     * rows[e] + taps[t] + i}: {@code sums[sumsOffset + l * sumsStride + t * lanes + i] += value * image[at]} and {@code image[at +
     * lanes] += value * w[wOffset + l * wStride + t * lanes + i]}. An element's terms are added in the order of lists and entries;
     * those of a gradient that more than one tap reaches, by groups of taps that {@link ScalarSparse#tapsAtOnce} tells.
     *
     * @param values array of the entries' values
     * @param valuesOffset the first of them
     * @param numbers array of the lists' numbers
     * @param startsOffset where the first list begins; the next number is where it ends, and the next one begins
     * @param lists how many lists
     * @param entriesOffset of the first entry the index into the table of rows
     * @param rows offset of each patch
     * @param image array of the pixels and their gradients
     * @param imageOffset what their offsets are relative to
     * @param taps offset of each tap within a patch
     * @param w array of the weights
     * @param wOffset those of the first list
     * @param wStride from one list's to the next one's
     * @param sums array of the sums
     * @param sumsOffset those of the first list
     * @param sumsStride from one list's to the next one's
     */
    void tapGradients(float[] values, int valuesOffset, int[] numbers, int startsOffset, int lists, int entriesOffset,
            int[] rows, float[] image, int imageOffset, int[] taps, float[] w, int wOffset, int wStride, float[] sums,
            int sumsOffset, int sumsStride);

    /** Copies {@code columns} elements each of some rows that lie apart, and end up apart. */
    void copyRows(float[] from, int fromOffset, int fromStride, float[] to, int toOffset, int toStride, int rows,
            int columns);

    /** Returns how many of some elements that lie side by side are entries, which are those that are not zero. */
    int count(float[] a, int offset, int elements);

    /**
     * Computes a panel of C = A·B, or C += A·B, from lists of A's entries, each element in the order of its row's list. Row i's list
     * goes from {@code numbers[boundsOffset + i * boundsStride]} to the number behind that.
     *
     * @param values array of the entries' values
     * @param valuesOffset where they begin
     * @param numbers array of the lists' numbers
     * @param boundsOffset where row 0's bounds are
     * @param boundsStride from one row's bounds to the next
     * @param entriesOffset where the entries' steps begin
     * @param rows how many rows
     * @param b B's array
     * @param bOffset the panel's element for step 0 and the first column, which need not be there if no list has that step
     * @param bStride from one step to the next in b
     * @param c C's array
     * @param cOffset what C's offsets are relative to
     * @param cRows offset of each row of C
     * @param columns columns to compute: 4 or 8 vectors
     * @param accumulate whether to add to what C holds
     */
    void sparseRows(float[] values, int valuesOffset, int[] numbers, int boundsOffset, int boundsStride,
            int entriesOffset, int rows, float[] b, int bOffset,
            int bStride, float[] c, int cOffset, int[] cRows, int columns, boolean accumulate);

    /**
     * Adds to sums of products of rows, for entries of a matrix alone. For each row i, and each of its entries, whose column is n:
     * {@code sums[sumsOffset + 16 * e + l] += Σ a[aOffset + i * aStride + j] * d[dOffset + n * dStride + j]} over all j that are l
     * modulo 16, in ascending order. Entries count from 0 at the first one of row 0. Lists as in {@link #sparseRows}.
     *
     * @param numbers array of the lists' numbers
     * @param boundsOffset where row 0's bounds are
     * @param boundsStride from one row's bounds to the next
     * @param entriesOffset where the entries' columns begin
     * @param rows how many rows
     * @param a array of the first rows
     * @param aOffset row 0
     * @param aStride from one row to the next
     * @param d array of the second rows
     * @param dOffset row 0
     * @param dStride from one row to the next
     * @param columns length of the rows: 8 vectors, and at least 16
     * @param sums array of the sums
     * @param sumsOffset the first of them
     * @param accumulate whether to add to what is there; otherwise sums start at zero
     */
    void sampledDots(int[] numbers, int boundsOffset, int boundsStride, int entriesOffset,
            int rows, float[] a, int aOffset, int aStride, float[] d, int dOffset, int dStride,
            int columns, float[] sums, int sumsOffset, boolean accumulate);

    /**
     * Does both for the same lists, of some rows: adds to sums as {@link #sampledDots} does, and computes the rows
     * {@code c[cOffset + i * cStride + j] = Σ value * d[dOffset + n * dStride + j]} as {@link #sparseRows} does, reading D once for both.
     *
     * @param values array of the entries' values
     * @param valuesOffset where they begin
     * @param numbers array of the lists' numbers
     * @param boundsOffset where row 0's bounds are
     * @param boundsStride from one row's bounds to the next
     * @param entriesOffset where the entries' columns begin
     * @param rows how many rows
     * @param a array of the first rows
     * @param aOffset row 0
     * @param aStride from one row to the next
     * @param d array of the second rows
     * @param dOffset row 0
     * @param dStride from one row to the next, and their length: 8 vectors, and at least 16
     * @param sums array of the sums
     * @param sumsOffset the first of them
     * @param accumulate whether to add to the sums; otherwise they start at zero
     * @param c array of the computed rows
     * @param cOffset row 0
     * @param cStride from one row to the next
     * @param accumulateRows whether to add to the computed rows; otherwise they start at zero
     */
    void sampledDotsAndRows(float[] values, int valuesOffset, int[] numbers, int boundsOffset, int boundsStride,
            int entriesOffset, int rows, float[] a, int aOffset, int aStride, float[] d,
            int dOffset, int dStride, float[] sums, int sumsOffset, boolean accumulate, float[] c, int cOffset,
            int cStride, boolean accumulateRows);

    /** Returns whether {@link #pooledProduct} and {@link #spreadProduct} are there for so many columns. */
    boolean pools(int columns);

    /**
     * Computes a product for places of A, four to a window, and stores only the largest of each window, the first of equals. No result
     * may be NaN, as none is if A and B are {@linkplain #moderate moderate}.
     *
     * @param a array of A
     * @param aOffset what {@code windows} are relative to
     * @param windows for each window its first place
     * @param right from there to the second place, and from the third to the fourth
     * @param down from the first place to the third
     * @param steps for each step where A's element is, relative to a place
     * @param b array of B
     * @param bOffset row 0
     * @param bStride from one row, which is a step, to the next
     * @param columns columns of B, as {@link #pools} wants them
     * @param shifts array of what is added to the largest, by column
     * @param shiftsOffset that of the first column
     * @param floor the least that is stored: smaller sums are replaced by it, NaN isn't
     * @param c array of the largest
     * @param cOffset those of the first window
     * @param cStride from one window's to the next one's
     * @param winners array of the winners, which lie as the largest do: 0 to 3
     * @param winnersOffset those of the first window
     */
    void pooledProduct(float[] a, int aOffset, int[] windows, int right, int down, int[] steps, float[] b, int bOffset,
            int bStride, int columns, float[] shifts, int shiftsOffset, float floor, float[] c, int cOffset,
            int cStride, float[] winners, int winnersOffset);

    /**
     * Computes the gradient of {@link #pooledProduct} by B: {@code sum[sumOffset + sumRows[s] + j] (+)= Σ a[place + steps[s]] * dy[w][j]}
     * over all windows w, where the place is the one that won. A must be moderate.
     *
     * @param dy array of the gradient, which lies as the winners do
     * @param dyOffset that of the first window
     * @param dyStride from one window's to the next one's
     * @param sum array of the result
     * @param sumOffset what {@code sumRows} are relative to
     * @param sumRows for each step where its row of the result begins
     * @param accumulate whether to add to what is there
     */
    void spreadProduct(float[] a, int aOffset, int[] windows, int right, int down, int[] steps, int columns, float[] dy,
            int dyOffset, int dyStride, float[] winners, int winnersOffset, float[] sum, int sumOffset, int[] sumRows,
            boolean accumulate);

    /**
     * Transforms the squares of 4x4 pixels that {@link Winograd} takes: V = BᵀdB at 16 frequencies of each square and channel.
     * Of a square they lie as {@code [frequency][channel]}.
     *
     * @param a array of the pixels, whose channels vary fastest
     * @param aOffset what the squares' offsets are relative to
     * @param squares offset of each square's first pixel
     * @param first the first square
     * @param count how many
     * @param down from one pixel to that below
     * @param right from one pixel to the next
     * @param channels channels to transform
     * @param v array of the result
     * @param vOffset where it begins
     * @param vRow from one square to the next
     */
    void winogradInput(float[] a, int aOffset, int[] squares, int first, int count, int down, int right, int channels,
            float[] v, int vOffset, int vRow);

    /**
     * Transforms back what {@link Winograd}'s products are at 16 frequencies: AᵀmA, four results for each square and column, at
     * {@code c[cOffset + targets[4 * (first + i) + k] + column]}, of which the later k are stored first.
     *
     * @param m array of the products, frequencies being the width of a wide panel apart
     * @param mOffset the first of them
     * @param mRow from one square to the next
     * @param count how many squares
     * @param columns columns to transform
     * @param c array of the results
     * @param cOffset what their offsets are relative to
     * @param targets four offsets of each square, row by row
     * @param first the square to begin with
     * @return whether all results are finite
     */
    boolean winogradOutput(float[] m, int mOffset, int mRow, int count, int columns, float[] c,
            int cOffset, int[] targets, int first);

    /**
     * Transforms back as {@link #winogradOutput} does, but stores of the four results only the largest, the first of equals.
     *
     * @param m array of the products
     * @param mOffset those of the first square
     * @param mRow from one square's to the next one's
     * @param count squares
     * @param columns how many columns
     * @param shifts array of what is added to the largest, by column
     * @param shiftsOffset that of the first column
     * @param floor the least that is stored: smaller sums are replaced by it
     * @param c array of the largest
     * @param cOffset those of the first square
     * @param cStride from one square's to the next one's
     * @param winners array of the winners, which lie as the largest do: 0 to 3, row by row
     * @param winnersOffset those of the first square
     * @return whether all results are finite, before anything is added; if not, what is stored is of no use
     */
    boolean winogradPooledOutput(float[] m, int mOffset, int mRow, int count, int columns, float[] shifts,
            int shiftsOffset, float floor, float[] c, int cOffset, int cStride, float[] winners, int winnersOffset);

    /**
     * Transforms kernels of 3x3 taps for {@link Winograd}: U = GgGᵀ, 16 frequencies of each.
     *
     * @param taps array of the kernels, tap by tap
     * @param tapsOffset the first of them
     * @param tapPitch from one tap to the next
     * @param count how many kernels
     * @param u array of the result
     * @param uOffset where it begins
     * @param uPitch from one frequency to the next
     */
    void winogradKernel(float[] taps, int tapsOffset, int tapPitch, int count, float[] u, int uOffset, int uPitch);

    /**
     * Transforms squares of 2x2 gradients for {@link WinogradKernelGradient}: A·dy·Aᵀ at 16 frequencies of each square and channel, with a
     * last row of A that is 0, 1 instead of 0, −1, which {@link #winogradKernelGradient} makes up for.
     *
     * @param dy array of the gradients
     * @param dyOffset what the squares' offsets are relative to
     * @param squares offset of each square's first gradient
     * @param first the first square
     * @param count how many
     * @param down from one gradient to that below
     * @param right from one gradient to the next
     * @param channels channels to transform, which lie side by side
     * @param v array of the result
     * @param vOffset where it begins
     * @param vRow from one square to the next
     * @param vPitch from one frequency to the next
     */
    void winogradGradient(float[] dy, int dyOffset, int[] squares, int first, int count, int down, int right,
            int channels, float[] v, int vOffset, int vRow, int vPitch);

    /**
     * Transforms sums over squares at 16 frequencies to gradients of 3x3 taps, GᵀmG with a last row of G that is 0, 0, −1. Tap (y, x) goes
     * where frequency (y, x) is, and what is left of the frequencies is of no use.
     *
     * @param m array of the sums
     * @param mOffset the first of them
     * @param mPitch from one frequency to the next
     * @param count sums at each frequency
     * @return whether all gradients are finite
     */
    boolean winogradKernelGradient(float[] m, int mOffset, int mPitch, int count);

    /**
     * Returns the least index of an array at which a cache line begins, if that makes a difference; see {@link Alignment}. Results never
     * depend on it, only speed does.
     */
    int lineStart(float[] array);

    /**
     * Has the JIT compiler compile the loops, on tiny operands: uncompiled vector code is slower by a factor of a thousand.
     * Takes 0.9 s of two idle cores in a fresh JVM, and gives up after 3 s. May run on a thread of its own while something
     * else is being prepared.
     */
    void warmUp();

    /**
     * Has the transposition in registers compiled, with which {@link #pack} is faster, and takes it into use. Returns whether it is, or
     * there is none.
     */
    boolean warmUpTransposition();

    /**
     * Returns how many floating-point operations a second the calling thread could do at best, measured with nothing but
     * multiply-adds of the kind the products use, each counted as two. Takes 0.2 s. What a product
     * reaches should be compared with a figure taken beside it, since clocks change with load.
     */
    double peak();
}
