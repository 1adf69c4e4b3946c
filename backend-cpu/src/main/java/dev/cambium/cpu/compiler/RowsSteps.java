package dev.cambium.cpu.compiler;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import dev.cambium.cpu.kernels.LinearGradients;
import dev.cambium.cpu.kernels.PackedFactor;
import dev.cambium.cpu.kernels.RowsProduct;
import dev.cambium.cpu.kernels.SampledProduct;

/**
 * Products with one small factor that is packed first, of which rows can then be computed some at a time: in a chain with what reads
 * them, so that they need not be written out.
 */
final class RowsSteps {
    /** Rows that are computed before what follows goes on with them: enough to use a panel of the packed factor several times. */
    private static final int BLOCK = 24;

    private RowsSteps() {}

    /**
     * Packs a factor.
     *
     * @param factor
     *            [1, k, n]
     * @param packed
     *            where it goes
     */
    record Pack(PackedFactor kernel, View factor, View packed) implements Step {
        @Override
        public String name() {
            return "pack_factor";
        }

        @Override
        public List<View> reads() {
            return List.of(factor);
        }

        @Override
        public List<View> writes() {
            return List.of(packed);
        }

        @Override
        public int units() {
            return kernel.panels();
        }

        @Override
        public void run(int from, int to, int part, Lane lane) {
            for (int panel = from; panel < to; panel++) {
                kernel.pack(panel, factor.storage().floats(), lane.at(factor), packed.storage().floats(),
                        lane.at(packed));
            }
        }

        @Override
        public String toString() {
            return name() + " " + factor + " → " + packed;
        }
    }

    /**
     * A product A · B.
     *
     * @param left
     *            A: [m, k]
     * @param packed
     *            B
     * @param result
     *            [m, n], row-major
     * @param lists
     *            A's entries, if it is worth it to look at them
     */
    record Product(RowsProduct kernel, View left, View packed, View result,
            Optional<EntriesSteps.Lists> lists) implements Step {
        @Override
        public String name() {
            return lists.isPresent() ? "sparse_matmul_by_rows" : "matmul_by_rows";
        }

        @Override
        public List<View> reads() {
            return lists.map(list -> List.of(left, packed, list.values(), list.numbers()))
                    .orElseGet(() -> List.of(left, packed));
        }

        @Override
        public List<View> writes() {
            return List.of(result);
        }

        @Override
        public int units() {
            return result.shape().dim(0);
        }

        @Override
        public boolean perSample() {
            return true;
        }

        @Override
        public int block() {
            return BLOCK;
        }

        @Override
        public long multiplyAdds() {
            return result.shape().size() * left.shape().dim(1);
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
            if (lists.isPresent()) {
                EntriesSteps.Lists list = lists.get();
                kernel.runSparse(from, to, list.kernel(), list.values().storage().floats(), lane.at(list.values()),
                        (int[]) list.numbers().storage().array(), lane.at(list.numbers()), left.storage().floats(),
                        lane.at(left, 0), packed.storage().floats(), lane.at(packed), result.storage().floats(),
                        lane.at(result, 0), lane.scratch(), lane.scratchOffset());
            } else {
                kernel.run(from, to, left.storage().floats(), lane.at(left, 0), packed.storage().floats(),
                        lane.at(packed), result.storage().floats(), lane.at(result, 0), lane.scratch(),
                        lane.scratchOffset());
            }
        }

        @Override
        public String toString() {
            return name() + " " + left + " · " + packed + " → " + result;
        }
    }

    /**
     * A product D · Aᵀ that is wanted only at the entries of another matrix, and zero elsewhere.
     *
     * @param rows
     *            A: [m, k]
     * @param packed
     *            D
     * @param transposed
     *            Dᵀ, packed for dense tiles
     * @param result
     *            transposed: [m, n]
     * @param lists
     *            the entries of the other matrix, transposed
     */
    record Sampled(SampledProduct kernel, View rows, View packed, View transposed, View result,
            EntriesSteps.Lists lists) implements Step {
        @Override
        public String name() {
            return "sampled_matmul";
        }

        @Override
        public List<View> reads() {
            return List.of(rows, packed, transposed, lists.numbers());
        }

        @Override
        public List<View> writes() {
            return List.of(result);
        }

        @Override
        public int units() {
            return result.shape().dim(0);
        }

        @Override
        public boolean perSample() {
            return true;
        }

        @Override
        public int block() {
            return BLOCK;
        }

        @Override
        public long multiplyAdds() {
            return result.shape().size() * rows.shape().dim(1);
        }

        @Override
        public double density(int from, int to, Lane lane) {
            return lists.density(lane);
        }

        @Override
        public Needs needs() {
            return Needs.scratch(kernel.scratch());
        }

        @Override
        public void run(int from, int to, int part, Lane lane) {
            kernel.run(from, to, lists.kernel(), (int[]) lists.numbers().storage().array(), lane.at(lists.numbers()),
                    rows.storage().floats(), lane.at(rows, 0), packed.storage().floats(), lane.at(packed),
                    transposed.storage().floats(), lane.at(transposed), result.storage().floats(), lane.at(result, 0),
                    lane.scratch(), lane.scratchOffset());
        }

        @Override
        public String toString() {
            return name() + " " + rows + " · " + packed + " → " + result;
        }
    }

    /**
     * Both gradients of a linear layer, from the same lists and the same packed gradient.
     *
     * @param sampled
     *            the gradient by the input
     * @param product
     *            the gradient by the weights
     */
    record Gradients(LinearGradients kernel, Sampled sampled, Product product, EntriesSteps.Lists lists)
            implements Step {
        @Override
        public String name() {
            return "linear_gradients";
        }

        @Override
        public List<View> reads() {
            return Stream.concat(sampled.reads().stream(), product.reads().stream()).distinct().toList();
        }

        @Override
        public List<View> writes() {
            return List.of(sampled.result(), product.result());
        }

        @Override
        public int units() {
            return sampled.units();
        }

        @Override
        public boolean perSample() {
            return true;
        }

        @Override
        public int block() {
            return BLOCK;
        }

        @Override
        public long multiplyAdds() {
            return sampled.multiplyAdds() + product.multiplyAdds();
        }

        @Override
        public double density(int from, int to, Lane lane) {
            return lists.density(lane);
        }

        @Override
        public Needs needs() {
            return Needs.scratch(kernel.scratch());
        }

        @Override
        public void run(int from, int to, int part, Lane lane) {
            View left = product.left();
            View rows = sampled.rows();
            View packed = sampled.packed();
            View transposed = sampled.transposed();
            View inputGradient = sampled.result();
            View weightGradient = product.result();
            kernel.run(from, to, lists.kernel(), lists.values().storage().floats(), lane.at(lists.values()),
                    (int[]) lists.numbers().storage().array(), lane.at(lists.numbers()), left.storage().floats(),
                    lane.at(left, 0), rows.storage().floats(), lane.at(rows, 0), packed.storage().floats(),
                    lane.at(packed), transposed.storage().floats(), lane.at(transposed),
                    inputGradient.storage().floats(), lane.at(inputGradient, 0), weightGradient.storage().floats(),
                    lane.at(weightGradient, 0), lane.scratch(), lane.scratchOffset());
        }

        @Override
        public String toString() {
            return name() + " " + sampled + "; " + product;
        }
    }
}
