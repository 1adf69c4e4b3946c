package dev.cambium.app.terminal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

import dev.cambium.app.terminal.Terminal.Style;
import dev.cambium.train.TrainingListener;
import dev.cambium.train.Evaluation;
import dev.cambium.train.TrainingEvent;

/**
 * Shows how training goes on: in a live terminal a bar that is drawn again and again, elsewhere a line every few seconds; and
 * always a line after each epoch.
 */
public final class TrainingProgress implements TrainingListener {
    private static final Duration REDRAW = Duration.ofMillis(100);
    private static final Duration PLAIN_LINE = Duration.ofSeconds(10);
    /** How far back the rate shown looks. */
    private static final Duration RECENTLY = Duration.ofSeconds(5);
    private static final int LONGEST_BAR = 30;
    private static final int SHORTEST_BAR = 5;

    private record Moment(long time, long images) {}

    private final Terminal terminal;
    private final long maxSteps;
    private final LongSupplier nanoTime;
    private final Deque<Moment> recent = new ArrayDeque<>();
    private int epochs;
    private long stepsPerEpoch;
    private long lastStep;
    private long epochStart;
    private long stepEnd;
    private long images;
    private long trainingTime;
    private long shownAt;

    /**
     * Shows progress.
     *
     * @param maxSteps
     *            after how many steps training will be stopped, if it is not over before
     * @param nanoTime
     *            the time in nanoseconds, such as {@link System#nanoTime}
     */
    public TrainingProgress(Terminal terminal, long maxSteps, LongSupplier nanoTime) {
        this.terminal = terminal;
        this.maxSteps = maxSteps;
        this.nanoTime = nanoTime;
    }

    @Override
    public void on(TrainingEvent event) {
        switch (event) {
            case TrainingEvent.Started started -> start(started);
            case TrainingEvent.StepEnded step -> step(step);
            case TrainingEvent.EpochEnded epoch -> epoch(epoch);
            case TrainingEvent.Ended _ -> end();
        }
    }

    private void start(TrainingEvent.Started started) {
        epochs = started.epochs();
        stepsPerEpoch = started.stepsPerEpoch();
        lastStep = started.firstStep() - 1 + Math.min(maxSteps, epochs * stepsPerEpoch);
        startEpoch();
    }

    private void startEpoch() {
        epochStart = nanoTime.getAsLong();
        shownAt = epochStart;
        recent.clear();
    }

    private void step(TrainingEvent.StepEnded step) {
        long now = nanoTime.getAsLong();
        stepEnd = now;
        recent.add(new Moment(now, step.epochSoFar().examples()));
        while (recent.size() > 2 && now - recent.getFirst().time() > RECENTLY.toNanos()) {
            recent.removeFirst();
        }
        boolean epochEnds = step.step() % stepsPerEpoch == 0 || step.step() == lastStep;
        if (terminal.live() && (epochEnds || now - shownAt >= REDRAW.toNanos())) {
            shownAt = now;
            terminal.redraw(bar(step, epochEnds ? "evaluating" : timeLeft(step) + " left"));
        } else if (!terminal.live() && !epochEnds && now - shownAt >= PLAIN_LINE.toNanos()) {
            shownAt = now;
            terminal.line("%s  step %s/%s  %s  %s images/s  %s left".formatted(epoch(step.epoch()),
                    Numbers.padded(stepOfEpoch(step), stepsPerEpoch), Numbers.count(stepsPerEpoch),
                    lossAndAccuracy(step.epochSoFar()), Numbers.count(recentRate()), timeLeft(step)));
            terminal.out().flush();
        }
    }

    /** The whole line, or as much of it as fits: the bar goes first. */
    private String bar(TrainingEvent.StepEnded step, String end) {
        String epoch = epoch(step.epoch());
        String text = "%s/%s  %s  %s img/s  %s".formatted(Numbers.padded(stepOfEpoch(step), stepsPerEpoch),
                Numbers.count(stepsPerEpoch), lossAndAccuracy(step.epochSoFar()), Numbers.count(recentRate()), end);
        int room = terminal.width() - 1 - epoch.length() - text.length() - 4;
        if (room < SHORTEST_BAR) {
            return terminal.fit(epoch + "  " + text);
        }
        int length = Math.min(room, LONGEST_BAR);
        int full = (int) (length * stepOfEpoch(step) / stepsPerEpoch);
        return "%s  %s%s  %s".formatted(terminal.paint(Style.BOLD, epoch),
                terminal.paint(Style.CYAN, terminal.pick("━", "#").repeat(full)),
                terminal.paint(Style.DIM, terminal.pick("─", "-").repeat(length - full)), text);
    }

    private static String lossAndAccuracy(Evaluation evaluation) {
        return "loss %s acc %s".formatted(Numbers.loss(evaluation.loss()), Numbers.percent(evaluation.get("accuracy")));
    }

    private long stepOfEpoch(TrainingEvent.StepEnded step) {
        return (step.step() - 1) % stepsPerEpoch + 1;
    }

    /** Images a second of late; the first step, which compiles, counts only while there is no other. */
    private long recentRate() {
        Moment last = recent.getLast();
        Moment first = recent.size() > 1 ? recent.getFirst() : new Moment(epochStart, 0);
        return rate(last.images() - first.images(), last.time() - first.time());
    }

    private static long rate(long images, long nanos) {
        return Math.round(images * 1e9 / Math.max(1, nanos));
    }

    private String timeLeft(TrainingEvent.StepEnded step) {
        double imagesPerStep = step.epochSoFar().examples() / (double) stepOfEpoch(step);
        double seconds = (lastStep - step.step()) * imagesPerStep / Math.max(1, recentRate());
        return Numbers.duration(Duration.ofSeconds(Math.round(Math.min(seconds, Integer.MAX_VALUE))));
    }

    private void epoch(TrainingEvent.EpochEnded ended) {
        images += ended.train().examples();
        trainingTime += stepEnd - epochStart;
        long now = nanoTime.getAsLong();
        terminal.clear();
        terminal.line("%s  train %s  test %s  %s".formatted(terminal.paint(Style.BOLD, epoch(ended.epoch())),
                lossAndAccuracy(ended.train()), terminal.paint(Style.BOLD, lossAndAccuracy(ended.test())),
                Numbers.duration(Duration.ofNanos(now - epochStart))));
        if (!Double.isFinite(ended.train().loss())) {
            terminal.line(terminal.paint(Style.YELLOW,
                    "The loss is no longer a number: the run has diverged. A smaller --learning-rate may help."));
        }
        terminal.out().flush();
        startEpoch();
    }

    private void end() {
        terminal.line("Trained on %s images, %s a second.".formatted(Numbers.count(images),
                Numbers.count(rate(images, trainingTime))));
        terminal.out().flush();
    }

    private String epoch(int epoch) {
        return "epoch %s/%s".formatted(Numbers.padded(epoch, epochs), Numbers.count(epochs));
    }
}
