package dev.cambium.cpu.kernels;

import dev.cambium.CambiumException;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Op.BinaryKind;

/**
 * Moves elements without changing them: strided copies, which transposes, broadcasts, slices, reversals, interior padding,
 * concatenations and changes of layout all are, and rows of tables. Arrays as in {@link Elementwise}.
 */
public final class Movement {
    private static final int TILE = 32;
    /** A transposed matrix is a panel whose columns lie side by side. */
    private static final Products PRODUCTS = Products.best();

    private Movement() {}

    /**
     * For each index i… below {@code dims}: {@code dst[dstOff + Σ i·dstStrides] = src[srcOff + Σ i·srcStrides]}. Strides count
     * elements and may be 0 (of the source) or negative; different indices must have different places in dst, and the places
     * read and written must not overlap. No dims at all: one element. Dims that {@link CopyShape} has simplified are fastest.
     */
    public static void copy(DType type, Object src, int srcOff, int[] srcStrides, Object dst, int dstOff,
            int[] dstStrides, int[] dims) {
        int inner = innermost(dstStrides, dims, -1);
        if (inner < 0) {
            if (!isEmpty(dims)) {
                System.arraycopy(src, srcOff, dst, dstOff, 1);
            }
            return;
        }
        int outer = srcStrides[inner] == dstStrides[inner] ? -1 : innermost(srcStrides, dims, inner);
        if (outer < 0) {
            outer = lastOther(dims, inner);
        }
        walk(0, outer, inner, type, src, srcOff, srcStrides, dst, dstOff, dstStrides, dims);
    }

    /** A {@link #copy} along one axis to neighbouring places: {@code dst[dstOff + i] = src[srcOff + i·srcStride]}. */
    public static void line(DType type, Object src, int srcOff, int srcStride, Object dst, int dstOff, int n) {
        plane(type, src, srcOff, 0, srcStride, dst, dstOff, 0, 1, 1, n);
    }

    private static boolean isEmpty(int[] dims) {
        for (int dim : dims) {
            if (dim == 0) {
                return true;
            }
        }
        return false;
    }

    /** The axis of more than one element with the smallest stride that is not 0, other than {@code except}; or −1. */
    private static int innermost(int[] strides, int[] dims, int except) {
        int best = -1;
        for (int axis = dims.length - 1; axis >= 0; axis--) {
            if (axis != except && dims[axis] > 1 && strides[axis] != 0
                    && (best < 0 || Math.abs(strides[axis]) < Math.abs(strides[best]))) {
                best = axis;
            }
        }
        return best;
    }

    private static int lastOther(int[] dims, int except) {
        for (int axis = dims.length - 1; axis >= 0; axis--) {
            if (axis != except && dims[axis] > 1) {
                return axis;
            }
        }
        return -1;
    }

    /** Runs over all axes but two, which the plane at the bottom takes. */
    private static void walk(int axis, int outer, int inner, DType type, Object src, int srcOff, int[] srcStrides,
            Object dst, int dstOff, int[] dstStrides, int[] dims) {
        if (axis == dims.length) {
            plane(type, src, srcOff, outer < 0 ? 0 : srcStrides[outer], srcStrides[inner], dst, dstOff,
                    outer < 0 ? 0 : dstStrides[outer], dstStrides[inner], outer < 0 ? 1 : dims[outer], dims[inner]);
        } else if (axis == outer || axis == inner) {
            walk(axis + 1, outer, inner, type, src, srcOff, srcStrides, dst, dstOff, dstStrides, dims);
        } else {
            for (int i = 0; i < dims[axis]; i++) {
                walk(axis + 1, outer, inner, type, src, srcOff + i * srcStrides[axis], srcStrides, dst,
                        dstOff + i * dstStrides[axis], dstStrides, dims);
            }
        }
    }

    private static void plane(DType type, Object src, int srcOff, int srcRow, int srcColumn, Object dst, int dstOff,
            int dstRow, int dstColumn, int rows, int columns) {
        if (srcColumn == 1 && dstColumn == 1) {
            for (int row = 0; row < rows; row++) {
                System.arraycopy(src, srcOff + row * srcRow, dst, dstOff + row * dstRow, columns);
            }
            return;
        }
        if (srcColumn == 0 && dstColumn == 1) {
            for (int row = 0; row < rows; row++) {
                Elementwise.fill(type, src, srcOff + row * srcRow, dst, dstOff + row * dstRow, columns);
            }
            return;
        }
        if (type == DType.FLOAT32 && srcRow == 1 && dstColumn == 1 && dstRow == columns) {
            PRODUCTS.pack((float[]) src, srcOff, 1, srcColumn, rows, columns, (float[]) dst, dstOff, columns);
            return;
        }
        for (int firstRow = 0; firstRow < rows; firstRow += TILE) {
            int tileRows = Math.min(TILE, rows - firstRow);
            for (int firstColumn = 0; firstColumn < columns; firstColumn += TILE) {
                int tileColumns = Math.min(TILE, columns - firstColumn);
                int srcTile = srcOff + firstRow * srcRow + firstColumn * srcColumn;
                int dstTile = dstOff + firstRow * dstRow + firstColumn * dstColumn;
                switch (type) {
                    case FLOAT32 -> tile((float[]) src, srcTile, srcRow, srcColumn, (float[]) dst, dstTile, dstRow,
                            dstColumn, tileRows, tileColumns);
                    case FLOAT64 -> tile((double[]) src, srcTile, srcRow, srcColumn, (double[]) dst, dstTile, dstRow,
                            dstColumn, tileRows, tileColumns);
                    case INT32 -> tile((int[]) src, srcTile, srcRow, srcColumn, (int[]) dst, dstTile, dstRow,
                            dstColumn, tileRows, tileColumns);
                    case INT64 -> tile((long[]) src, srcTile, srcRow, srcColumn, (long[]) dst, dstTile, dstRow,
                            dstColumn, tileRows, tileColumns);
                    case UINT8, BOOL -> tile((byte[]) src, srcTile, srcRow, srcColumn, (byte[]) dst, dstTile, dstRow,
                            dstColumn, tileRows, tileColumns);
                    case FLOAT16, BFLOAT16 -> tile((short[]) src, srcTile, srcRow, srcColumn, (short[]) dst, dstTile,
                            dstRow, dstColumn, tileRows, tileColumns);
                }
            }
        }
    }

    private static void tile(float[] src, int srcOff, int srcRow, int srcColumn, float[] dst, int dstOff, int dstRow,
            int dstColumn, int rows, int columns) {
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                dst[dstOff + row * dstRow + column * dstColumn] = src[srcOff + row * srcRow + column * srcColumn];
            }
        }
    }

    private static void tile(double[] src, int srcOff, int srcRow, int srcColumn, double[] dst, int dstOff, int dstRow,
            int dstColumn, int rows, int columns) {
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                dst[dstOff + row * dstRow + column * dstColumn] = src[srcOff + row * srcRow + column * srcColumn];
            }
        }
    }

    private static void tile(int[] src, int srcOff, int srcRow, int srcColumn, int[] dst, int dstOff, int dstRow,
            int dstColumn, int rows, int columns) {
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                dst[dstOff + row * dstRow + column * dstColumn] = src[srcOff + row * srcRow + column * srcColumn];
            }
        }
    }

    private static void tile(long[] src, int srcOff, int srcRow, int srcColumn, long[] dst, int dstOff, int dstRow,
            int dstColumn, int rows, int columns) {
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                dst[dstOff + row * dstRow + column * dstColumn] = src[srcOff + row * srcRow + column * srcColumn];
            }
        }
    }

    private static void tile(byte[] src, int srcOff, int srcRow, int srcColumn, byte[] dst, int dstOff, int dstRow,
            int dstColumn, int rows, int columns) {
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                dst[dstOff + row * dstRow + column * dstColumn] = src[srcOff + row * srcRow + column * srcColumn];
            }
        }
    }

    private static void tile(short[] src, int srcOff, int srcRow, int srcColumn, short[] dst, int dstOff, int dstRow,
            int dstColumn, int rows, int columns) {
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                dst[dstOff + row * dstRow + column * dstColumn] = src[srcOff + row * srcRow + column * srcColumn];
            }
        }
    }

    /**
     * Rows [from, to) of a gather: {@code out[outOff + i·rowSize + k] = table[tableOff + indices[indicesOff + i]·rowSize + k]}.
     *
     * @throws CambiumException
     *             if an index is outside 0 … rows − 1
     */
    public static void gather(DType type, Object table, int tableOff, int rows, int rowSize, long[] indices,
            int indicesOff, Object out, int outOff, int from, int to) {
        for (int i = from; i < to; i++) {
            int row = row("gather", indices[indicesOff + i], i, rows);
            System.arraycopy(table, tableOff + row * rowSize, out, outOff + i * rowSize, rowSize);
        }
    }

    /**
     * Columns [from, to) of a scatter-add of {@code count} rows, in the order of i:
     * {@code table[tableOff + indices[indicesOff + i]·rowSize + k] += rows[rowsOff + i·rowSize + k]}.
     *
     * @throws CambiumException
     *             if an index is outside 0 … tableRows − 1
     */
    public static void scatterAdd(DType type, Object table, int tableOff, int tableRows, int rowSize, long[] indices,
            int indicesOff, int count, Object rows, int rowsOff, int from, int to) {
        for (int i = 0; i < count; i++) {
            int at = tableOff + row("scatter_add", indices[indicesOff + i], i, tableRows) * rowSize + from;
            Elementwise.binary(BinaryKind.ADD, type, table, at, 1, rows, rowsOff + i * rowSize + from, 1, table, at,
                    to - from);
        }
    }

    private static int row(String op, long index, int place, int rows) {
        if (index < 0 || index >= rows) {
            throw new CambiumException("%s: index %d at place %d is outside a table of %d rows (0 to %d)"
                    .formatted(op, index, place, rows, rows - 1));
        }
        return (int) index;
    }
}
