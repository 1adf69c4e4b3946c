package dev.cambium.app.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

import dev.cambium.CambiumException;
import dev.cambium.train.TrainingListener;
import dev.cambium.train.Evaluation;
import dev.cambium.train.TrainingEvent;

/**
 * Writes {@code metrics.jsonl} while training goes on: a line after the first step and every {@value #INTERVAL} steps with the mean
 * over the steps since the line before, and a line after each epoch with the means of the epoch and the test results. Each line is in the file when
 * the next step begins.
 */
public final class MetricsLog implements TrainingListener, AutoCloseable {
    /** How many steps lie between two lines, but for the first. */
    public static final int INTERVAL = 10;

    /**
     * One line.
     *
     * @param step
     *            the step after which it was written, counted from 1
     * @param epoch
     *            the epoch of that step, counted from 1
     * @param trainLoss
     *            the mean loss of the training examples; null if it is not a number
     * @param trainAccuracy
     *            the share of them that were classified rightly
     * @param imagesPerSecond
     *            how many of them were learned from in a second, evaluation left out
     * @param testLoss
     *            the mean loss of the test examples; only at the end of an epoch
     * @param testAccuracy
     *            the share of them that were classified rightly; only at the end of an epoch
     */
    public record Line(long step, int epoch, @Nullable Double trainLoss, double trainAccuracy, double imagesPerSecond,
            @Nullable Double testLoss, @Nullable Double testAccuracy) {}

    private final Path file;
    private final FileChannel channel;
    private final LongSupplier nanoTime;
    private final List<Line> lines = new ArrayList<>();
    private Interval interval;
    private Interval epoch;

    /**
     * Creates the file.
     *
     * @param nanoTime
     *            the time in nanoseconds, such as {@link System#nanoTime}
     * @throws CambiumException
     *             if it can't be written
     */
    MetricsLog(Path file, LongSupplier nanoTime) {
        this.file = file;
        this.nanoTime = nanoTime;
        this.interval = new Interval(nanoTime.getAsLong());
        this.epoch = interval;
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** What was written so far. */
    public List<Line> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void on(TrainingEvent event) {
        switch (event) {
            case TrainingEvent.Started _ -> restart();
            case TrainingEvent.StepEnded step -> step(step);
            case TrainingEvent.EpochEnded ended -> epoch(ended);
            case TrainingEvent.Ended _ -> force();
        }
    }

    private void restart() {
        interval = new Interval(nanoTime.getAsLong());
        epoch = interval;
    }

    private void step(TrainingEvent.StepEnded step) {
        long now = nanoTime.getAsLong();
        interval = interval.plus(step.batch(), now);
        epoch = epoch.plus(step.batch(), now);
        if (step.step() == 1 || step.step() % INTERVAL == 0) {
            write(new Line(step.step(), step.epoch(), number(interval.loss()), interval.accuracy(), interval.rate(),
                    null, null));
            interval = new Interval(now);
        }
    }

    private void epoch(TrainingEvent.EpochEnded ended) {
        write(new Line(ended.step(), ended.epoch(), number(ended.train().loss()), ended.train().get("accuracy"),
                epoch.rate(), number(ended.test().loss()), ended.test().get("accuracy")));
        restart();
    }

    private static @Nullable Double number(double value) {
        return Double.isFinite(value) ? value : null;
    }

    private void write(Line line) {
        try {
            long end = channel.position();
            try {
                ByteBuffer bytes = StandardCharsets.UTF_8.encode(Json.line(line) + "\n");
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            } catch (IOException e) {
                channel.truncate(end); // so that only whole lines are left
                throw e;
            }
        } catch (IOException e) {
            throw failure(e);
        }
        lines.add(line);
    }

    private void force() {
        try {
            channel.force(true);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private CambiumException failure(IOException e) {
        return new CambiumException("can't write %s: %s".formatted(file, FileProblem.of(e)), e);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** What was learned from since some moment. */
    private record Interval(long start, long end, long examples, double lossSum, double right) {
        Interval(long start) {
            this(start, start, 0, 0, 0);
        }

        Interval plus(Evaluation batch, long now) {
            return new Interval(start, now, examples + batch.examples(), lossSum + batch.loss() * batch.examples(),
                    right + batch.get("accuracy") * batch.examples());
        }

        double loss() {
            return lossSum / examples;
        }

        double accuracy() {
            return right / examples;
        }

        double rate() {
            return examples * 1e9 / Math.max(1, end - start);
        }
    }
}
