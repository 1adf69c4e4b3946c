package dev.cambium.cpu.compiler;

import java.util.List;
import java.util.stream.IntStream;

import dev.cambium.CambiumException;
import dev.cambium.cpu.kernels.Movement;
import dev.cambium.cpu.kernels.Reductions;

/** Steps that look up rows, add to rows, or find the place of the largest element. */
final class TableSteps {
    private static final int LARGE = 1 << 14;

    private TableSteps() {}

    /** Runs of rows so that each is worth a part. */
    private static int runs(int rows, int rowSize) {
        return Math.clamp((long) rows * rowSize / LARGE, 1, Math.max(1, rows));
    }

    /**
     * Rows of a table by index.
     *
     * @param path
     *            of the layer that looks them up
     * @param table
     *            row-major, like the others
     */
    record Gather(String path, View table, View indices, View result) implements Step {
        @Override
        public String name() {
            return "gather";
        }

        @Override
        public List<View> reads() {
            return List.of(table, indices);
        }

        @Override
        public List<View> writes() {
            return List.of(result);
        }

        @Override
        public boolean mayFail() {
            return true;
        }

        private int rowSize() {
            return result.size() / Math.max(1, indices.size());
        }

        @Override
        public int units() {
            return runs(indices.size(), rowSize());
        }

        @Override
        public void run(int from, int to, int part, Lane lane) {
            try {
                Movement.gather(table.storage().dtype(), table.storage().array(), lane.at(table), table.shape().dim(0),
                        rowSize(), (long[]) indices.storage().array(), lane.at(indices), result.storage().array(),
                        lane.at(result), Partition.start(from, units(), indices.size()),
                        Partition.start(to, units(), indices.size()));
            } catch (CambiumException e) {
                throw Step.at(path, e);
            }
        }

        @Override
        public String toString() {
            return name() + " " + table + ", " + indices + " → " + result;
        }
    }

    /**
     * Rows added to a table; the result starts as the table.
     *
     * @param path
     *            of the layer that adds them
     * @param table
     *            in any order, all others row-major
     */
    record ScatterAdd(String path, View table, View indices, View rows, View result) implements Step {
        @Override
        public String name() {
            return "scatter_add";
        }

        @Override
        public List<View> reads() {
            return List.of(table, indices, rows);
        }

        @Override
        public List<View> writes() {
            return List.of(result);
        }

        @Override
        public boolean mayFail() {
            return true;
        }

        @Override
        public int units() {
            return 1;
        }

        @Override
        public void run(int from, int to, int part, Lane lane) {
            Movement.copy(table.storage().dtype(), table.storage().array(), lane.at(table), table.strides(),
                    result.storage().array(),
                    lane.at(result), result.strides(), table.shape().dims());
            int rowSize = rows.size() / Math.max(1, indices.size());
            try {
                Movement.scatterAdd(result.storage().dtype(), result.storage().array(), lane.at(result),
                        table.shape().dim(0), rowSize, (long[]) indices.storage().array(), lane.at(indices),
                        indices.size(), rows.storage().array(), lane.at(rows), 0, rowSize);
            } catch (CambiumException e) {
                throw Step.at(path, e);
            }
        }

        @Override
        public String toString() {
            return name() + " " + table + ", " + indices + ", " + rows + " → " + result;
        }
    }

    /** The place of the largest element along an axis. */
    static final class ArgMax implements Step {
        private final int axis;
        private final View source;
        private final View result;
        private final int[] dims;
        private final int[] strides;

        ArgMax(int axis, View source, View result) {
            this.axis = axis;
            this.source = source;
            this.result = result;
            int[] kept = IntStream.range(0, source.rank()).filter(k -> k != axis).toArray();
            dims = IntStream.of(kept).map(source.shape()::dim).toArray();
            strides = IntStream.of(kept).map(k -> source.strides()[k]).toArray();
        }

        @Override
        public String name() {
            return "arg_max";
        }

        @Override
        public List<View> reads() {
            return List.of(source);
        }

        @Override
        public List<View> writes() {
            return List.of(result);
        }

        @Override
        public int units() {
            return runs(result.size(), source.shape().dim(axis));
        }

        @Override
        public void run(int from, int to, int part, Lane lane) {
            Reductions.argMax(source.storage().dtype(), source.storage().array(), lane.at(source), dims, strides,
                    source.shape().dim(axis), source.strides()[axis], (long[]) result.storage().array(),
                    lane.at(result), Partition.start(from, units(), result.size()),
                    Partition.start(to, units(), result.size()));
        }

        @Override
        public String toString() {
            return name() + " " + axis + " " + source + " → " + result;
        }
    }
}
