package dev.cambium.cpu.compiler;

import java.util.List;

import dev.cambium.cpu.kernels.DoubleProducts;
import dev.cambium.cpu.kernels.Matmul;
import dev.cambium.cpu.kernels.Products;
import dev.cambium.tensor.DType;

/** Matrix products, one for each index of the leading axes. */
final class MatmulStep implements Step {
    /** From so many matrices on there are enough of them for all threads. */
    private static final int MANY_MATRICES = 16;
    /** Multiply-adds up to which one thread may as well do a whole matrix. */
    private static final int SMALL = 1 << 18;

    private final View left;
    private final View right;
    private final View result;
    private final Matmul kernel;
    private final boolean perSample;

    /**
     * Prepares the product.
     *
     * @param left
     *            [b, m, k]
     * @param right
     *            [b, k, n]
     * @param result
     *            [b, m, n], row-major
     */
    MatmulStep(View left, View right, View result, Products products) {
        this.left = left;
        this.right = right;
        this.result = result;
        int rows = result.shape().dim(1);
        int columns = result.shape().dim(2);
        int inner = left.shape().dim(2);
        kernel = new Matmul(products, result.shape().dim(0), rows, columns, inner, layout(left), layout(right),
                layout(result));
        perSample = result.shape().dim(0) >= MANY_MATRICES && (long) rows * columns * inner <= SMALL;
    }

    static Matmul.Layout layout(View view) {
        return new Matmul.Layout(view.strides()[1], view.strides()[2], view.strides()[0]);
    }

    @Override
    public String name() {
        return "matmul";
    }

    @Override
    public List<View> reads() {
        return List.of(left, right);
    }

    @Override
    public List<View> writes() {
        return List.of(result);
    }

    @Override
    public int units() {
        return perSample || left.storage().dtype() == DType.FLOAT64 ? result.shape().dim(0) : kernel.parts();
    }

    @Override
    public boolean perSample() {
        return perSample;
    }

    @Override
    public long multiplyAdds() {
        return result.shape().size() * left.shape().dim(2);
    }

    @Override
    public Needs needs() {
        return Needs.scratch(kernel.scratch());
    }

    @Override
    public void run(int from, int to, int part, Lane lane) {
        if (left.storage().dtype() == DType.FLOAT64) {
            for (int b = from; b < to; b++) {
                DoubleProducts.matmul((double[]) left.storage().array(), lane.at(left, b), left.strides()[1],
                        left.strides()[2],
                        (double[]) right.storage().array(), lane.at(right, b), right.strides()[1], right.strides()[2],
                        (double[]) result.storage().array(), lane.at(result, b), result.strides()[1],
                        result.strides()[2],
                        result.shape().dim(1), left.shape().dim(2), result.shape().dim(2));
            }
            return;
        }
        for (int matrix = from; perSample && matrix < to; matrix++) {
            kernel.runMatrix(left.storage().floats(), lane.at(left, matrix), right.storage().floats(),
                    lane.at(right, matrix),
                    result.storage().floats(), lane.at(result, matrix), lane.scratch(), lane.scratchOffset());
        }
        for (int unit = from; !perSample && unit < to; unit++) {
            kernel.run(unit, left.storage().floats(), lane.at(left), right.storage().floats(), lane.at(right),
                    result.storage().floats(), lane.at(result), false, lane.scratch(), lane.scratchOffset());
        }
    }

    @Override
    public String toString() {
        return name() + " " + left + " · " + right + " → " + result;
    }
}
