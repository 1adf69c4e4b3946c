package dev.cambium.cpu.compiler;

import java.util.List;

import dev.cambium.cpu.kernels.RandomBits;
import dev.cambium.cpu.kernels.WarmUps;

/** Random bits of a stream, in runs of elements. */
record RandomStep(int stream, View seed, View step, View result) implements Step {
    private static final int RUN = 1 << 14;

    @Override
    public String name() {
        return "random_bits";
    }

    @Override
    public List<View> reads() {
        return List.of(seed, step);
    }

    @Override
    public List<View> writes() {
        return List.of(result);
    }

    @Override
    public int units() {
        return Math.ceilDiv(result.size(), RUN);
    }

    @Override
    public void warmUp() {
        WarmUps.submit(RandomBits.class, RandomBits::warmUp, result.size());
    }

    @Override
    public void run(int from, int to, int part, Lane lane) {
        long seedValue = ((long[]) seed.storage().array())[lane.at(seed)];
        long stepValue = ((long[]) step.storage().array())[lane.at(step)];
        int begin = from * RUN;
        int end = Math.min(to * RUN, result.size());
        RandomBits.fill(seedValue, stream, stepValue, begin, (int[]) result.storage().array(), lane.at(result) + begin,
                end - begin);
    }

    @Override
    public String toString() {
        return name() + " " + Integer.toUnsignedString(stream) + " → " + result;
    }
}
