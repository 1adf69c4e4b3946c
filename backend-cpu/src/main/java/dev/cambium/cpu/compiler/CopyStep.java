package dev.cambium.cpu.compiler;

import java.util.Arrays;
import java.util.List;

import dev.cambium.cpu.kernels.Movement;

/** Writes the elements of a view to another place or in another order: changes of layout, concatenation, padding. */
final class CopyStep implements Step {
    private final List<View> reads;
    private final View whole;
    private final List<View> targets;
    private final boolean zeroFirst;
    private final boolean perSample;

    private CopyStep(List<View> reads, View whole, List<View> targets, boolean zeroFirst) {
        this.reads = reads;
        this.whole = whole;
        this.targets = targets;
        this.zeroFirst = zeroFirst;
        perSample = !zeroFirst && reads.size() == 1 && whole.rank() > 0 && whole.shape().dim(0) > 1
                && whole.isSampleWise(whole.size() / whole.shape().dim(0));
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
            View source = reads.get(0);
            int[] dims = source.shape().dims();
            dims[0] = to - from;
            Movement.copy(whole.storage().dtype(), source.storage().array(), lane.at(source, from), source.strides(),
                    whole.storage().array(), lane.at(whole, from), whole.strides(), dims);
            return;
        }
        if (zeroFirst) {
            Movement.zero(whole.storage().dtype(), whole.storage().array(), lane.at(whole), whole.storage().size());
        }
        for (int i = 0; i < reads.size(); i++) {
            View source = reads.get(i);
            View target = targets.get(i);
            Movement.copy(source.storage().dtype(), source.storage().array(), lane.at(source), source.strides(),
                    target.storage().array(), lane.at(target), target.strides(), source.shape().dims());
        }
    }

    @Override
    public String toString() {
        return name() + " " + reads + " → " + whole + (Arrays.equals(whole.strides(), targets.get(0).strides()) ? "" : " at " + targets);
    }
}
