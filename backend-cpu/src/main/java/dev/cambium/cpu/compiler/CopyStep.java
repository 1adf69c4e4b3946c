package dev.cambium.cpu.compiler;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import dev.cambium.cpu.kernels.CopyShape;
import dev.cambium.cpu.kernels.Elementwise;
import dev.cambium.cpu.kernels.Movement;

/** Writes the elements of a view to another place or in another order: changes of layout, concatenation, padding. */
final class CopyStep implements Step {
    /** Elements of a sample from which on a call for each sample is worth it. */
    private static final int LARGE = 64;

    private final List<View> reads;
    private final View whole;
    private final List<View> targets;
    private final boolean zeroFirst;
    private final boolean perSample;
    private final List<CopyShape> shapes;

    private CopyStep(List<View> reads, View whole, List<View> targets, boolean zeroFirst) {
        this.reads = reads;
        this.whole = whole;
        this.targets = targets;
        this.zeroFirst = zeroFirst;
        int samples = whole.rank() == 0 ? 1 : whole.shape().dim(0);
        perSample = !zeroFirst && reads.size() == 1 && samples > 1 && whole.size() / samples >= LARGE
                && whole.isSampleWise(whole.size() / samples);
        int first = perSample ? 1 : 0;
        shapes = IntStream.range(0, reads.size()).mapToObj(i -> CopyShape.of(inner(reads.get(i).shape().dims(), first),
                inner(reads.get(i).strides(), first), inner(targets.get(i).strides(), first))).toList();
    }

    private static int[] inner(int[] values, int first) {
        return Arrays.copyOfRange(values, first, values.length);
    }

    /** One view written as another. */
    static CopyStep of(View source, View target) {
        return new CopyStep(List.of(source), target, List.of(target), false);
    }

    /**
     * Several views written to places in a whole.
     *
     * @param zeroFirst
     *            whether elements of the whole that no source covers are to be zero
     */
    static CopyStep into(View whole, List<View> sources, List<View> targets, boolean zeroFirst) {
        return new CopyStep(sources, whole, targets, zeroFirst);
    }

    @Override
    public String name() {
        return "copy";
    }

    @Override
    public List<View> reads() {
        return reads;
    }

    @Override
    public List<View> writes() {
        return List.of(whole);
    }

    @Override
    public boolean perSample() {
        return perSample;
    }

    @Override
    public int units() {
        return perSample ? whole.shape().dim(0) : 1;
    }

    @Override
    public void run(int from, int to, int part, Lane lane) {
        if (perSample) {
            for (int sample = from; sample < to; sample++) {
                copy(0, lane.at(reads.get(0), sample), lane.at(whole, sample));
            }
            return;
        }
        if (zeroFirst) {
            Elementwise.zero(whole.storage().dtype(), whole.storage().array(), lane.at(whole), whole.storage().size());
        }
        for (int i = 0; i < reads.size(); i++) {
            copy(i, lane.at(reads.get(i)), lane.at(targets.get(i)));
        }
    }

    private void copy(int index, int from, int to) {
        CopyShape shape = shapes.get(index);
        Storage source = reads.get(index).storage();
        Movement.copy(source.dtype(), source.array(), from, shape.srcStrides(), whole.storage().array(), to,
                shape.dstStrides(), shape.dims());
    }

    @Override
    public String toString() {
        return name() + " " + reads + " → " + whole
                + (Arrays.equals(whole.strides(), targets.get(0).strides()) ? "" : " at " + targets);
    }
}
