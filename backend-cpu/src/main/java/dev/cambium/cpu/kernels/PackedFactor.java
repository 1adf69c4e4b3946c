package dev.cambium.cpu.kernels;

/**
 * A product's right factor B, small enough to be read again and again, packed once for all: panels of columns, one after the other,
 * in each of them the rows of B; behind them for each panel whether its elements are all {@linkplain Products#moderate moderate}.
 *
 * @param products the loops to use
 * @param steps rows of B, at least 1
 * @param columns columns of B
 * @param layout where B lies
 * @param width columns of a panel
 */
public record PackedFactor(Products products, int steps, int columns, Matmul.Layout layout, int width) {
    /** Floats that come from the third-level cache fast enough, piece by piece, for all rows of the other factor. */
    private static final int LARGEST = 1 << 20;
    /** Rows up to which what is written down for each entry of some rows stays small. */
    private static final int MOST_STEPS = 1 << 12;

    /** Returns a factor in panels of 8 vectors, for loops over entries and for dense tiles. */
    public static PackedFactor of(Products products, int steps, int columns, Matmul.Layout layout) {
        return new PackedFactor(products, steps, columns, layout, entriesWidth(products));
    }

    /** Returns a factor in panels as wide as a dense tile, for nothing else. */
    public static PackedFactor forTiles(Products products, int steps, int columns, Matmul.Layout layout) {
        return new PackedFactor(products, steps, columns, layout, products.panels().wide());
    }

    private static int entriesWidth(Products products) {
        return Math.max(16, 8 * products.lanes());
    }

    /** Returns whether a factor is small enough, and has columns enough to fill a panel of 8 vectors. */
    public static boolean pays(Products products, int steps, int columns) {
        return columns >= entriesWidth(products) && steps > 0 && steps <= MOST_STEPS
                && (long) steps * columns <= LARGEST;
    }

    /** Returns whether a factor in panels for tiles is small enough, and has columns enough to fill half of a narrow one. */
    public static boolean paysForTiles(Products products, int steps, int columns) {
        return steps > 0 && 2 * columns >= products.panels().narrow() && (long) steps * columns <= LARGEST;
    }

    /** Returns the number of panels. */
    public int panels() {
        return Math.ceilDiv(columns, width);
    }

    /** Returns the columns of a panel that are B's; the others are zero. */
    int columns(int panel) {
        return Math.min(width, columns - panel * width);
    }

    /** Returns the floats that the packed factor takes. */
    public int size() {
        return panel(panels()) + panels();
    }

    /** Returns where a panel begins. */
    int panel(int panel) {
        return panel * steps * width;
    }

    /** Returns whether a packed panel is moderate. */
    boolean isModerate(int panel, float[] packed, int packedOffset) {
        return packed[packedOffset + panel(panels()) + panel] != 0;
    }

    /**
     * Packs one panel.
     *
     * @param panel which one
     * @param b B's array
     * @param bOffset where B begins
     * @param packed array of the packed factor
     * @param packedOffset where it begins
     */
    public void pack(int panel, float[] b, int bOffset, float[] packed, int packedOffset) {
        int at = packedOffset + panel(panel);
        products.pack(b, bOffset + panel * width * layout.columnStride(), layout.rowStride(), layout.columnStride(),
                steps, columns(panel), packed, at, width);
        packed[packedOffset + panel(panels()) + panel] = products.moderate(packed, at, steps * width) ? 1 : 0;
    }
}
