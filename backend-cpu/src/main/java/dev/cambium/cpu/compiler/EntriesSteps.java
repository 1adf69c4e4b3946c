package dev.cambium.cpu.compiler;

import java.util.List;

import dev.cambium.cpu.kernels.EntriesProduct;
import dev.cambium.cpu.kernels.Matmul;
import dev.cambium.cpu.kernels.Products;
import dev.cambium.cpu.kernels.RowLists;

/** Products that visit only the entries, which are the elements that are not zero, of their left factor. */
final class EntriesSteps {
    private EntriesSteps() {}

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
     * Counts the entries of a product's left factor: row by row if rows lie side by side, while they are in the cache.
     *
     * @param factor
     *            [rows, columns]
     * @param counts
     *            where the numbers go, as many as {@link RowLists#counts} says
     */
    record CountRows(Products products, View factor, Matmul.Layout layout, RowLists kernel, View counts)
            implements Step {
        @Override
        public String name() {
            return "count_rows";
        }

        @Override
        public List<View> reads() {
            return List.of(factor);
        }

        @Override
        public List<View> writes() {
            return List.of(counts);
        }

        @Override
        public int units() {
            return kernel.counts(layout);
        }

        @Override
        public boolean perSample() {
            return layout.columnStride() == 1 && units() > 1;
        }

        @Override
        public void run(int from, int to, int part, Lane lane) {
            for (int unit = from; unit < to; unit++) {
                ((int[]) counts.storage().array())[lane.at(counts, unit)] = kernel.count(products, unit,
                        factor.storage().floats(), lane.at(factor, 0), layout);
            }
        }

        @Override
        public String toString() {
            return name() + " " + factor + " → " + counts;
        }
    }

    /**
     * Lists the entries of a product's left factor.
     *
     * @param factor
     *            [1, rows, columns]
     * @param counts
     *            how many there are in each part
     * @param lists
     *            where the entries go
     */
    record ListRows(Products products, View factor, View counts, Lists lists) implements Step {
        @Override
        public String name() {
            return "list_rows";
        }

        @Override
        public List<View> reads() {
            return List.of(factor, counts);
        }

        @Override
        public List<View> writes() {
            return List.of(lists.values(), lists.numbers());
        }

        @Override
        public int units() {
            return lists.kernel().parts();
        }

        @Override
        public Needs needs() {
            return Needs.scratch(lists.kernel().scratch());
        }

        @Override
        public void run(int from, int to, int part, Lane lane) {
            for (int unit = from; unit < to; unit++) {
                lists.kernel().make(products, unit, factor.storage().floats(), lane.at(factor),
                        MatmulStep.layout(factor), (int[]) counts.storage().array(), lane.at(counts),
                        lists.values().storage().floats(), lane.at(lists.values()),
                        (int[]) lists.numbers().storage().array(), lane.at(lists.numbers()), lane.scratch(),
                        lane.scratchOffset());
            }
        }

        @Override
        public String toString() {
            return name() + " " + factor + " → " + lists.values();
        }
    }

    /**
     * A product, in parts whose sums are still to be joined.
     *
     * @param left
     *            [1, m, k]
     * @param right
     *            [1, k, n]
     * @param lists
     *            the left factor's entries
     * @param sums
     *            where the sums go
     */
    record Product(EntriesProduct kernel, View left, View right, Lists lists, View sums) implements Step {
        @Override
        public String name() {
            return "sparse_matmul";
        }

        @Override
        public List<View> reads() {
            return List.of(left, right, lists.values(), lists.numbers());
        }

        @Override
        public List<View> writes() {
            return List.of(sums);
        }

        @Override
        public int units() {
            return kernel.parts();
        }

        @Override
        public long multiplyAdds() {
            return left.shape().size() * right.shape().dim(2);
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
            for (int unit = from; unit < to; unit++) {
                kernel.run(unit, lists.values().storage().floats(), lane.at(lists.values()),
                        (int[]) lists.numbers().storage().array(), lane.at(lists.numbers()), left.storage().floats(),
                        lane.at(left), right.storage().floats(), lane.at(right), sums.storage().floats(),
                        lane.at(sums), lane.scratch(), lane.scratchOffset());
            }
        }

        @Override
        public String toString() {
            return name() + " " + left + " · " + right + " → " + sums;
        }
    }

    /**
     * Adds the sums of a product's parts.
     *
     * @param sums
     *            where they are; nothing else reads them, and they are changed
     * @param result
     *            [m, n], row-major
     */
    record Join(EntriesProduct kernel, View sums, View result) implements Step {
        @Override
        public String name() {
            return "join_sums";
        }

        @Override
        public List<View> reads() {
            return List.of(sums);
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
        public void run(int from, int to, int part, Lane lane) {
            kernel.join(from, to, sums.storage().floats(), lane.at(sums), result.storage().floats(),
                    lane.at(result, 0), result.strides()[0]);
        }

        @Override
        public String toString() {
            return name() + " " + sums + " → " + result;
        }
    }
}
