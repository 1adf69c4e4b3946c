package dev.cambium.app.terminal;

import java.time.Duration;
import java.util.function.LongSupplier;

import dev.cambium.app.terminal.Terminal.Style;
import dev.cambium.train.Callback;
import dev.cambium.train.TrainingEvent;

/**
 * Shows how training goes on: in a live terminal a bar that is drawn again and again, elsewhere a line every few seconds; and
 * always a line after each epoch.
 */
public final class TrainingProgress implements Callback {
    private static final Duration REDRAW = Duration.ofMillis(100);
    private static final Duration PLAIN_LINE = Duration.ofSeconds(10);
    private static final int LONGEST_BAR = 30;

    private final Terminal terminal;
    private final long maxSteps;
    private final LongSupplier nanoTime;
    private int epochs;
    private long stepsPerEpoch;
    private long firstStep;
    private long lastStep;
    private long epochStart;
    private long shownAt;
    private double imagesPerSecond;

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
            case TrainingEvent.Ended _ -> terminal.out().flush();
        }
    }

    private void start(TrainingEvent.Started started) {
        epochs = started.epochs();
        stepsPerEpoch = started.stepsPerEpoch();
        firstStep = started.firstStep();
        lastStep = firstStep - 1 + Math.min(maxSteps, epochs * stepsPerEpoch);
        epochStart = nanoTime.getAsLong();
        shownAt = epochStart;
    }

    private void step(TrainingEvent.StepEnded step) {
        long now = nanoTime.getAsLong();
        imagesPerSecond = step.epochSoFar().examples() * 1e9 / Math.max(1, now - epochStart);
        boolean epochEnds = step.step() % stepsPerEpoch == 0 || step.step() == lastStep;
        Duration interval = terminal.live() ? REDRAW : PLAIN_LINE;
        if (now - shownAt < interval.toNanos() && !(terminal.live() && epochEnds)) {
            return;
        }
        shownAt = now;
        long stepOfEpoch = (step.step() - 1) % stepsPerEpoch + 1;
        String left = epochEnds ? "evaluating" + terminal.pick(" …", "...")
                : Numbers.duration(timeLeft(step)) + " left";
        String numbers = "loss %s  accuracy %s  %s images/s  %s".formatted(Numbers.loss(step.epochSoFar().loss()),
                Numbers.percent(step.epochSoFar().get("accuracy")), Numbers.count(Math.round(imagesPerSecond)), left);
        String epoch = epochOf(step.epoch());
        if (!terminal.live()) {
            terminal.line("%s  step %s of %s  %s".formatted(epoch, Numbers.count(stepOfEpoch),
                    Numbers.count(stepsPerEpoch), numbers));
            return;
        }
        String steps = "%s/%s".formatted(Numbers.count(stepOfEpoch), Numbers.count(stepsPerEpoch));
        int room = terminal.width() - 1 - epoch.length() - steps.length() - numbers.length() - 6;
        String bar = room < 4 ? ""
                : bar(stepOfEpoch / (double) stepsPerEpoch, Math.min(room, LONGEST_BAR)) + "  ";
        terminal.redraw(terminal.paint(Style.BOLD, epoch) + "  " + bar + terminal.fit(steps + "  " + numbers));
    }

    private Duration timeLeft(TrainingEvent.StepEnded step) {
        double imagesPerStep = step.epochSoFar().examples() / (double) ((step.step() - 1) % stepsPerEpoch + 1);
        double seconds = (lastStep - step.step()) * imagesPerStep / Math.max(imagesPerSecond, 1e-9);
        return Duration.ofSeconds(Math.round(Math.min(seconds, Integer.MAX_VALUE)));
    }

    private void epoch(TrainingEvent.EpochEnded ended) {
        terminal.clear();
        terminal.line("%s  train loss %s  accuracy %s   test loss %s  accuracy %s  %6s images/s".formatted(
                terminal.paint(Style.BOLD, epochOf(ended.epoch())), Numbers.loss(ended.train().loss()),
                Numbers.percent(ended.train().get("accuracy")), Numbers.loss(ended.test().loss()),
                terminal.paint(Style.BOLD, Numbers.percent(ended.test().get("accuracy"))),
                Numbers.count(Math.round(imagesPerSecond))));
        if (!Double.isFinite(ended.train().loss())) {
            terminal.line(terminal.paint(Style.YELLOW,
                    "The loss is no longer a number: the run has diverged. A smaller --learning-rate may help."));
        }
        terminal.out().flush();
        epochStart = nanoTime.getAsLong();
        shownAt = epochStart;
    }

    private String epochOf(int epoch) {
        String total = Integer.toString(epochs);
        return "epoch %s/%s".formatted(" ".repeat(Math.max(0, total.length() - Integer.toString(epoch).length()))
                + epoch, total);
    }

    private String bar(double share, int length) {
        int full = (int) Math.round(share * length);
        String done = terminal.pick("━", "#").repeat(full);
        String rest = terminal.pick("─", "-").repeat(length - full);
        return terminal.paint(Style.CYAN, done) + terminal.paint(Style.DIM, rest);
    }
}
