package dev.cambium.app.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import dev.cambium.tensor.NdArray;
import dev.cambium.train.Evaluation;
import dev.cambium.train.TrainingEvent;

class TrainingProgressTest {
    private final AtomicLong time = new AtomicLong();
    private final StringWriter out = new StringWriter();

    @Test
    void file_gets_a_line_every_ten_seconds_and_each_epoch() {
        train(new Terminal(new PrintWriter(out), 80, false, false, true), Long.MAX_VALUE);
        assertThat(out).hasToString("""
                epoch 1/2  step 10/15  loss 0.5000 acc 75.00 %  50 images/s  0:20 left
                epoch 1/2  train loss 0.5000 acc 75.00 %  test loss 0.2500 acc 87.50 %  0:15
                epoch 2/2  step 10/15  loss 0.5000 acc 75.00 %  50 images/s  0:05 left
                epoch 2/2  train loss 0.5000 acc 75.00 %  test loss 0.2500 acc 87.50 %  0:15
                Trained on 1,500 images, 50 a second.
                """);
    }

    @Test
    void live_terminal_gets_one_line_drawn_again_and_again() {
        train(new Terminal(new PrintWriter(out), 80, true, false, true), 16);
        assertThat(out.toString())
                .startsWith("\repoch 1/2  ━──────────────   1/15  loss 0.5000 acc 75.00 %  50 img/s  0:15 left\033[K"
                        + "\repoch 1/2  ━━─────────────   2/15  loss 0.5000 acc 75.00 %  50 img/s  0:14 left\033[K")
                .contains("\repoch 1/2  ━━━━━━━━━━━━━━  15/15  loss 0.5000 acc 75.00 %  50 img/s  evaluating\033[K"
                        + "\r\033[Kepoch 1/2  train loss 0.5000")
                .contains("\repoch 2/2  ──────────────   1/15  loss 0.5000 acc 75.00 %  50 img/s  evaluating\033[K");
    }

    @Test
    void narrow_terminal_goes_without_the_bar() {
        train(new Terminal(new PrintWriter(out), 50, true, false, false), 1);
        assertThat(out.toString()).startsWith("\repoch 1/2   1/15  loss 0.5000 acc 75.00 %  50 img~\033[K");
    }

    @Test
    void terminal_without_unicode_gets_a_bar_of_ascii() {
        train(new Terminal(new PrintWriter(out), 80, true, false, false), 5);
        assertThat(out.toString()).contains("\repoch 1/2  ###------------   3/15  loss").isASCII();
    }

    @Test
    void colours_are_used_where_there_are_some() {
        train(new Terminal(new PrintWriter(out), 100, true, true, true), 1);
        assertThat(out.toString()).startsWith("\r\033[1mepoch 1/2\033[0m  \033[36m━━\033[0m\033[2m─");
    }

    /** Two epochs of 15 steps of 50 images, a second each. */
    private void train(Terminal terminal, long maxSteps) {
        var progress = new TrainingProgress(terminal, maxSteps, time::get);
        progress.on(new TrainingEvent.Started(2, 15, 1));
        for (int step = 1; step <= Math.min(maxSteps, 30); step++) {
            time.addAndGet(1_000_000_000L);
            int ofEpoch = (step - 1) % 15 + 1;
            int epoch = (step - 1) / 15 + 1;
            progress.on(new TrainingEvent.StepEnded(epoch, step, evaluation(50, 0.5, 0.75),
                    evaluation(50 * ofEpoch, 0.5, 0.75)));
            if (ofEpoch == 15 || step == maxSteps) {
                progress.on(new TrainingEvent.EpochEnded(epoch, step, evaluation(50 * ofEpoch, 0.5, 0.75),
                        evaluation(100, 0.25, 0.875)));
            }
        }
        progress.on(new TrainingEvent.Ended(maxSteps < 30));
    }

    private static Evaluation evaluation(int examples, double loss, double accuracy) {
        var metrics = new LinkedHashMap<String, NdArray>();
        metrics.put("accuracy", NdArray.scalar((float) accuracy));
        return new Evaluation(examples, loss, metrics);
    }
}
