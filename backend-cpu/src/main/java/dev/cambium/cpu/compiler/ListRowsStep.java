package dev.cambium.cpu.compiler;

import java.util.List;

import dev.cambium.cpu.kernels.Matmul;

/**
 * Lists the entries of a product's left factor.
 *
 * @param factor
 *            [1, rows, columns]
 * @param layout
 *            how it lies
 * @param lists
 *            where the entries go
 */
record ListRowsStep(View factor, Matmul.Layout layout, MatmulStep.Lists lists) implements Step {
    @Override
    public String name() {
        return "list_rows";
    }

    @Override
    public List<View> reads() {
        return List.of(factor);
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
    public void run(int from, int to, int part, Lane lane) {
        for (int unit = from; unit < to; unit++) {
            lists.kernel().make(unit, factor.storage().floats(), lane.at(factor), layout,
                    lists.values().storage().floats(), lane.at(lists.values()),
                    (int[]) lists.numbers().storage().array(), lane.at(lists.numbers()));
        }
    }

    @Override
    public String toString() {
        return name() + " " + factor + " → " + lists.values();
    }
}
