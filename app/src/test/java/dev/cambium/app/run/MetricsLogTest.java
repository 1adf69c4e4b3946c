package dev.cambium.app.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cambium.CambiumException;
import dev.cambium.tensor.NdArray;
import dev.cambium.train.Evaluation;
import dev.cambium.train.TrainingEvent;

class MetricsLogTest {
    @TempDir
    private Path folder = Path.of("");
    private final AtomicLong time = new AtomicLong();

    @Test
    void lines_are_means_since_the_line_before() throws IOException {
        Path file = folder.resolve("metrics.jsonl");
        try (var log = new MetricsLog(file, time::get)) {
            log.on(new TrainingEvent.Started(1, 20, 1));
            for (int step = 1; step <= 20; step++) {
                time.addAndGet(500_000_000L);
                // The last batch has 10 examples only, and counts as much less.
                log.on(new TrainingEvent.StepEnded(1, step, evaluation(step == 20 ? 10 : 50, step, step < 11 ? 0.5 : 1),
                        evaluation(0, 0, 0)));
            }
            time.addAndGet(9_000_000_000L); // evaluation takes its time
            log.on(new TrainingEvent.EpochEnded(1, 20, evaluation(960, 10.4, 0.75), evaluation(100, 0.25, 0.875)));
            assertThat(file).hasContent(
                    """
                            {"step":1,"epoch":1,"train_loss":1.0,"train_accuracy":0.5,"images_per_second":100.0}
                            {"step":10,"epoch":1,"train_loss":6.0,"train_accuracy":0.5,"images_per_second":100.0}
                            {"step":20,"epoch":1,"train_loss":15.108695652173912,"train_accuracy":1.0,"images_per_second":92.0}
                            {"step":20,"epoch":1,"train_loss":10.4,"train_accuracy":0.75,"images_per_second":96.0,"test_loss":0.25,"test_accuracy":0.875}
                            """);
            assertThat(log.lines()).hasSize(4);
        }
    }

    @Test
    void loss_that_is_no_number_is_left_out() {
        Path file = folder.resolve("metrics.jsonl");
        try (var log = new MetricsLog(file, time::get)) {
            log.on(new TrainingEvent.Started(1, 1, 1));
            log.on(new TrainingEvent.EpochEnded(1, 1, evaluation(50, Double.NaN, 0.5), evaluation(50, 1.0 / 0, 0.5)));
        }
        assertThat(file).hasContent(
                "{\"step\":1,\"epoch\":1,\"train_accuracy\":0.5,\"images_per_second\":0.0,\"test_accuracy\":0.5}");
    }

    @Test
    void file_that_cannot_be_made_is_named() throws IOException {
        Path file = Files.createDirectory(folder.resolve("metrics.jsonl"));
        assertThatThrownBy(() -> new MetricsLog(file, time::get)).isInstanceOf(CambiumException.class)
                .hasMessage("can't write " + file + ": a file of this name is in the way");
    }

    private static Evaluation evaluation(int examples, double loss, double accuracy) {
        var metrics = new LinkedHashMap<String, NdArray>();
        metrics.put("accuracy", NdArray.scalar((float) accuracy));
        return new Evaluation(examples, loss, metrics);
    }
}
