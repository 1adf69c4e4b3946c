package dev.cambium.cpu.compiler;

import java.util.List;
import java.util.Optional;

import dev.cambium.cpu.kernels.DoubleProducts;
import dev.cambium.cpu.kernels.Matmul;
import dev.cambium.cpu.kernels.Products;
import dev.cambium.cpu.kernels.RowLists;
import dev.cambium.tensor.DType;

/** Matrix products, one for each index of the leading axes. */
final class MatmulStep implements Step {
    private final View left;
    private final View right;
    private final View result;
    private final Matmul kernel;
    private final Optional<Lists> lists;

    /**
     * The entries of a left factor.
     *
     * @param kernel
     *            their arrangement
     * @param values
     *            room for as many as the factor has elements
     * @param numbers
     *            where they belong
     */
    record Lists(RowLists kernel, View values, View numbers) {
        /** The share of the factor's elements that a product visits. */
        double density(Lane lane) {
            return kernel.density((int[]) numbers.storage().array(), lane.at(numbers));
        }
    }

    /**
     * Prepares the product.
     *
     * @param left
     *            [b, m, k]
     * @param right
     *            [b, k, n]
     * @param result
     *            [b, m, n], row-major
     * @param lists
     *            the left factor's entries, if it is worth it to look at them
     */
    MatmulStep(View left, View right, View result, Products products, Optional<Lists> lists) {
        this.lists = lists;
        this.left = left;
        this.right = right;
        this.result = result;
        int rows = result.shape().dim(1);
        int columns = result.shape().dim(2);
        int inner = left.shape().dim(2);
        kernel = lists.isPresent()
                ? Matmul.sparse(products, rows, columns, inner, layout(left), layout(right), layout(result))
                : new Matmul(products, result.shape().dim(0), rows, columns, inner, layout(left), layout(right),
                        layout(result));
    }

    static Matmul.Layout layout(View view) {
        return new Matmul.Layout(view.strides()[1], view.strides()[2], view.strides()[0]);
    }

    @Override
    public String name() {
        return lists.isPresent() ? "sparse_matmul" : "matmul";
    }

    @Override
    public List<View> reads() {
        return lists.map(list -> List.of(left, right, list.values(), list.numbers()))
                .orElseGet(() -> List.of(left, right));
    }

    @Override
    public List<View> writes() {
        return List.of(result);
    }

    @Override
    public int units() {
        return left.storage().dtype() == DType.FLOAT64 ? result.shape().dim(0) : kernel.parts();
    }

    @Override
    public long multiplyAdds() {
        return result.shape().size() * left.shape().dim(2);
    }

    @Override
    public double density(int from, int to, Lane lane) {
        return lists.isEmpty() ? Double.NaN : lists.get().density(lane);
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
        if (lists.isPresent()) {
            Lists list = lists.get();
            for (int unit = from; unit < to; unit++) {
                kernel.runSparse(unit, list.kernel(), list.values().storage().floats(), lane.at(list.values()),
                        (int[]) list.numbers().storage().array(), lane.at(list.numbers()), left.storage().floats(),
                        lane.at(left), right.storage().floats(), lane.at(right), result.storage().floats(),
                        lane.at(result), lane.scratch(), lane.scratchOffset());
            }
            return;
        }
        for (int unit = from; unit < to; unit++) {
            kernel.run(unit, left.storage().floats(), lane.at(left), right.storage().floats(), lane.at(right),
                    result.storage().floats(), lane.at(result), false, lane.scratch(), lane.scratchOffset());
        }
    }

    @Override
    public String toString() {
        return name() + " " + left + " · " + right + " → " + result;
    }
}
