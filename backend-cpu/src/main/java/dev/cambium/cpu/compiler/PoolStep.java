package dev.cambium.cpu.compiler;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

import dev.cambium.cpu.kernels.Pooling;
import dev.cambium.cpu.kernels.WarmUps;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Window2d;

/**
 * Pooling of images, sample by sample, all channels-last.
 *
 * @param winners
 *            where a max-pooling tells which element of each window won, if its gradient wants to know
 */
record PoolStep(Kind kind, Window2d window, List<View> reads, View result, Optional<View> winners) implements Step {
    enum Kind {
        MAX, MAX_GRADIENT, MAX_SCATTER, MAX_PICK, SUM, SUM_GRADIENT
    }

    @Override
    public String name() {
        return "pool_" + kind.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public List<View> writes() {
        return winners.map(view -> List.of(result, view)).orElseGet(() -> List.of(result));
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
    public void warmUp() {
        if (result.storage().dtype() == DType.FLOAT32) {
            WarmUps.submit(Pooling.class, Pooling::warmUp, images().size());
        }
    }

    @Override
    public void run(int from, int to, int part, Lane lane) {
        for (int sample = from; sample < to; sample++) {
            if (result.storage().dtype() == DType.FLOAT64) {
                doubles(sample, lane);
            } else {
                floats(sample, lane);
            }
        }
    }

    /** The images, as results or as first operands. */
    private View images() {
        return kind == Kind.SUM_GRADIENT || kind == Kind.MAX_SCATTER ? result : reads.get(0);
    }

    private void floats(int sample, Lane lane) {
        int height = images().shape().dim(2);
        int width = images().shape().dim(3);
        int channels = images().shape().dim(1);
        View last = reads.getLast();
        float[] x = reads.get(0).storage().floats();
        float[] second = last.storage().floats();
        float[] out = result.storage().floats();
        int xAt = lane.at(reads.get(0), sample);
        int secondAt = lane.at(last, sample);
        int outAt = lane.at(result, sample);
        switch (kind) {
            case MAX -> winners.ifPresentOrElse(
                    places -> Pooling.maxPoolWinners(window, x, xAt, height, width, channels, out, outAt,
                            places.storage().floats(), lane.at(places, sample)),
                    () -> Pooling.maxPool(window, x, xAt, height, width, channels, out, outAt));
            case MAX_GRADIENT ->
                    Pooling.maxPoolGradient(window, x, xAt, second, secondAt, height, width, channels, out, outAt);
            case MAX_SCATTER ->
                    Pooling.maxPoolScatter(window, x, xAt, second, secondAt, height, width, channels, out, outAt);
            case MAX_PICK -> Pooling.maxPoolPick(window, x, xAt, second, secondAt, height, width, channels, out, outAt);
            case SUM -> Pooling.sumPool(window, x, xAt, height, width, channels, out, outAt);
            case SUM_GRADIENT -> Pooling.sumPoolGradient(window, x, xAt, height, width, channels, out, outAt);
        }
    }

    private void doubles(int sample, Lane lane) {
        int height = images().shape().dim(2);
        int width = images().shape().dim(3);
        int channels = images().shape().dim(1);
        View last = reads.getLast();
        double[] x = (double[]) reads.get(0).storage().array();
        double[] second = (double[]) last.storage().array();
        double[] out = (double[]) result.storage().array();
        int xAt = lane.at(reads.get(0), sample);
        int secondAt = lane.at(last, sample);
        int outAt = lane.at(result, sample);
        switch (kind) {
            case MAX -> Pooling.maxPool(window, x, xAt, height, width, channels, out, outAt);
            case MAX_GRADIENT ->
                    Pooling.maxPoolGradient(window, x, xAt, second, secondAt, height, width, channels, out, outAt);
            case MAX_PICK -> Pooling.maxPoolPick(window, x, xAt, second, secondAt, height, width, channels, out, outAt);
            case SUM -> Pooling.sumPool(window, x, xAt, height, width, channels, out, outAt);
            case SUM_GRADIENT -> Pooling.sumPoolGradient(window, x, xAt, height, width, channels, out, outAt);
            case MAX_SCATTER -> throw new IllegalStateException("winners are floats");
        }
    }

    @Override
    public String toString() {
        return name() + " " + reads + " → " + writes();
    }
}
