package dev.cambium.cpu.compiler;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import dev.cambium.cpu.kernels.Elementwise;
import dev.cambium.cpu.kernels.Reductions;
import dev.cambium.cpu.kernels.WarmUps;
import dev.cambium.tensor.Op;

/**
 * Sums, largest and smallest elements. A long reduction over the batch is cut into parts, each of which gives a partial result that a
 * second step combines; everything else writes each result once.
 */
final class ReduceStep implements Step {
    /** How an input is cut. */
    private enum Cut {
        /** One sample of the input gives one sample of the result. */
        SAMPLES,
        /** All samples of a part give a partial result. */
        PARTIAL,
        /** Runs of results. */
        RESULTS
    }

    private static final int LARGE = 1 << 15;

    private final Op.ReduceKind kind;
    private final View source;
    private final View result;
    private final Cut cut;
    private final int units;
    private final int[] keptDims;
    private final int[] keptStrides;
    private final int[] reducedDims;
    /** Those of one sample: chains take samples one by one, so often that arrays of their own would add up. */
    private final int[] reducedDimsOfOne;
    private final int[] reducedStrides;

    private ReduceStep(Op.ReduceKind kind, List<Integer> axes, View source, View result, Cut cut) {
        this.kind = kind;
        this.source = source;
        this.result = result;
        this.cut = cut;
        int first = cut == Cut.SAMPLES ? 1 : 0;
        int[] kept = IntStream.range(first, source.rank()).filter(axis -> !axes.contains(axis)).toArray();
        int[] reduced = axes.stream().mapToInt(i -> i).toArray();
        keptDims = Arrays.stream(kept).map(source.shape()::dim).toArray();
        keptStrides = Arrays.stream(kept).map(axis -> source.strides()[axis]).toArray();
        reducedDims = Arrays.stream(reduced).map(source.shape()::dim).toArray();
        reducedDimsOfOne = cut == Cut.PARTIAL ? dims(1) : reducedDims;
        reducedStrides = Arrays.stream(reduced).map(axis -> source.strides()[axis]).toArray();
        units = switch (cut) {
            case SAMPLES, PARTIAL -> source.shape().dim(0);
            case RESULTS -> Math.clamp(source.shape().size() / LARGE, 1, Math.max(1, result.size()));
        };
    }

    /** Whether a reduction is worth cutting over the batch: then it needs {@link #partial} and a {@link #whole} over its parts. */
    static boolean isPartial(View source, List<Integer> axes) {
        return axes.contains(0) && source.size() >= LARGE && source.shape().dim(0) > 1
                && source.storage().dtype() == dev.cambium.tensor.DType.FLOAT32;
    }

    /**
     * The partial results of a reduction whose axes include the batch.
     *
     * @param result
     *            [parts, results]
     */
    static ReduceStep partial(Op.ReduceKind kind, List<Integer> axes, View source, View result) {
        return new ReduceStep(kind, axes, source, result, Cut.PARTIAL);
    }

    /** A reduction that writes its results, row-major, at once. */
    static ReduceStep whole(Op.ReduceKind kind, List<Integer> axes, View source, View result) {
        boolean samples = !axes.contains(0) && source.rank() > 0 && source.size() >= LARGE && source.shape().dim(0) > 1;
        return new ReduceStep(kind, axes, source, result, samples ? Cut.SAMPLES : Cut.RESULTS);
    }

    @Override
    public String name() {
        return "reduce_" + kind.name().toLowerCase(java.util.Locale.ROOT);
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
        return units;
    }

    @Override
    public boolean perSample() {
        return cut != Cut.RESULTS;
    }

    @Override
    public boolean sumsByPart() {
        return cut == Cut.PARTIAL;
    }

    @Override
    public Needs needs() {
        return cut == Cut.PARTIAL ? Needs.scratch(result.shape().dim(1)) : Needs.NONE;
    }

    @Override
    public void warmUp() {
        WarmUps.submit(Reductions.class, Reductions::warmUp, source.size());
    }

    @Override
    public void run(int from, int to, int part, Lane lane) {
        switch (cut) {
            case SAMPLES -> {
                int results = result.size() / result.shape().dim(0);
                for (int sample = from; sample < to; sample++) {
                    reduce(lane.at(source, sample), reducedDims, result.storage().array(), lane.at(result, sample), 0,
                            results);
                }
            }
            case PARTIAL -> partial(from, to, part, lane);
            case RESULTS -> reduce(lane.at(source), reducedDims, result.storage().array(), lane.at(result),
                    Partition.start(from, units, result.size()), Partition.start(to, units, result.size()));
        }
    }

    private void partial(int from, int to, int part, Lane lane) {
        int results = result.shape().dim(1);
        int target = lane.at(result) + part * results;
        int[] dims = to - from == 1 ? reducedDimsOfOne : dims(to - from);
        if (lane.isAtPartStart()) {
            reduce(lane.at(source, from), dims, result.storage().array(), target, 0, results);
            return;
        }
        reduce(lane.at(source, from), dims, lane.scratch(), lane.scratchOffset(), 0, results);
        float[] sums = result.storage().floats();
        Elementwise.binary(combination(), source.storage().dtype(), sums, target, 1, lane.scratch(),
                lane.scratchOffset(), 1, sums, target,
                results);
    }

    private int[] dims(int samples) {
        int[] dims = reducedDims.clone();
        dims[0] = samples;
        return dims;
    }

    private Op.BinaryKind combination() {
        return switch (kind) {
            case SUM -> Op.BinaryKind.ADD;
            case MAX -> Op.BinaryKind.MAX;
            case MIN -> Op.BinaryKind.MIN;
        };
    }

    private void reduce(int at, int[] dims, Object target, int targetAt, int from, int to) {
        Reductions.reduce(kind, source.storage().dtype(), source.storage().array(), at, keptDims, keptStrides, dims,
                reducedStrides,
                target, targetAt, from, to);
    }

    @Override
    public String toString() {
        return name() + " " + source + " → " + result + (cut == Cut.PARTIAL ? " in parts" : "");
    }
}
