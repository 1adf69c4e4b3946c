package dev.cambium.train;

import static dev.cambium.train.Fixtures.floats;
import static dev.cambium.train.Fixtures.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.cambium.CambiumException;
import dev.cambium.nn.Layer;
import dev.cambium.nn.Metric;
import dev.cambium.nn.Optimizer;
import dev.cambium.reference.ReferenceBackend;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.ShapeException;
import dev.cambium.tensor.Tensor;
import dev.cambium.train.Fixtures.Dense;
import dev.cambium.train.Fixtures.Descent;
import dev.cambium.train.Fixtures.Hidden;
import dev.cambium.train.Fixtures.Momentum;
import dev.cambium.train.Fixtures.Near;
import dev.cambium.train.Fixtures.Noisy;
import dev.cambium.train.Fixtures.SquaredError;

/** A queue that never ends must not keep the whole build waiting. */
@Timeout(60)
class TrainerTest {
    private final ReferenceBackend backend = ReferenceBackend.rounded();

    /** Fails if a test has left anything open. */
    @AfterEach
    void close() {
        backend.close();
        assertThat(BatchQueueTest.preparing()).isEmpty();
    }

    private static SequencedMap<String, Metric> near() {
        var metrics = new LinkedHashMap<String, Metric>();
        metrics.put("near", new Near());
        return metrics;
    }

    private Model model(Layer layer, int inputs) {
        return Model.create(layer, floats(inputs), backend, 1);
    }

    private static Trainer trainer(Model model, Optimizer optimizer, int batchSize) {
        return new Trainer(model, new SquaredError(), optimizer, batchSize, near());
    }

    /** The weights after training a noisy model in some way. */
    private Map<String, NdArray> trained(long seed, Consumer<Trainer> training) {
        try (var model = Model.create(new Noisy(), floats(1), backend, seed);
                var trainer = trainer(model, new Momentum(0.05), 3)) {
            training.accept(trainer);
            return model.weights();
        }
    }

    /** Stops a trainer after a step of the run. */
    private static TrainingListener stopAfter(Trainer trainer, long step) {
        return event -> {
            if (event instanceof TrainingEvent.StepEnded ended && ended.step() == step) {
                trainer.stop();
            }
        };
    }

    // ---- learning

    @Test
    void a_line_is_learned() {
        try (var model = model(new Dense(1), 1); var trainer = trainer(model, new Descent(0.5), 5)) {
            List<TrainingEvent.EpochEnded> history = trainer.fit(Fixtures.line(20), Fixtures.line(7), 60);
            assertThat(number(model.weights(), "weight")).isCloseTo(2, within(1e-2));
            assertThat(number(model.weights(), "bias")).isCloseTo(1, within(1e-2));
            assertThat(history).hasSize(60);
            assertThat(history.getLast().test().loss()).isLessThan(1e-4).isLessThan(history.getFirst().test().loss());
            assertThat(history.getLast().test().get("near")).isEqualTo(1);
        }
    }

    @Test
    void exclusive_or_is_learned() {
        try (var model = model(new Hidden(8), 2); var trainer = trainer(model, new Momentum(0.1), 4)) {
            Evaluation before = trainer.evaluate(Fixtures.exclusiveOr());
            trainer.fit(Fixtures.exclusiveOr(), Fixtures.exclusiveOr(), 300);
            Evaluation after = trainer.evaluate(Fixtures.exclusiveOr());
            assertThat(before.loss()).isGreaterThan(0.1);
            assertThat(after.loss()).isLessThan(0.01);
            assertThat(after.get("near")).isEqualTo(1);
        }
    }

    @Test
    void one_step_of_gradient_descent_is_the_one_done_by_hand() {
        try (var model = model(new Dense(1), 1); var trainer = trainer(model, new Descent(0.25), 2)) {
            model.load(Map.of("weight", NdArray.of(Shape.of(1, 1), 1f), "bias",
                    NdArray.of(Shape.of(1), 0f)));
            var examples = new Fixtures.Table(new float[] {1, 2}, new float[] {3, 1});
            TrainingEvent.EpochEnded ended = trainer.fit(examples, examples, 1).get(0);
            assertThat(ended.train().loss()).isEqualTo((1 + 4) / 2.0);
            assertThat(number(model.weights(), "weight")).isEqualTo(1 - 0.25 * (-1 * 1 + 2 * 3));
            assertThat(number(model.weights(), "bias")).isEqualTo(0 - 0.25 * (-1 + 2));
        }
    }

    // ---- determinism

    @Test
    void the_same_seed_gives_the_same_weights_to_the_bit_and_another_gives_others() {
        Map<String, NdArray> weights = trained(1, trainer -> trainer.fit(Fixtures.line(7), Fixtures.line(7), 2));
        assertThat(trained(1, trainer -> trainer.fit(Fixtures.line(7), Fixtures.line(7), 2))).isEqualTo(weights);
        assertThat(trained(2, trainer -> trainer.fit(Fixtures.line(7), Fixtures.line(7), 2))).isNotEqualTo(weights);
        assertThat(number(weights, "steps")).isEqualTo(6);
    }

    @Test
    void a_second_fit_goes_on_where_the_first_ended() {
        Map<String, NdArray> whole = trained(1, trainer -> trainer.fit(Fixtures.line(7), Fixtures.line(7), 3));
        assertThat(trained(1, trainer -> {
            assertThat(trainer.fit(Fixtures.line(7), Fixtures.line(7), 2)).extracting(TrainingEvent.EpochEnded::epoch)
                    .containsExactly(1, 2);
            assertThat(trainer.fit(Fixtures.line(7), Fixtures.line(7), 1)).extracting(TrainingEvent.EpochEnded::epoch)
                    .containsExactly(3);
        })).isEqualTo(whole);
    }

    @Test
    void training_that_was_stopped_within_an_epoch_goes_on_within_it() {
        Map<String, NdArray> whole = trained(1, trainer -> trainer.fit(Fixtures.line(7), Fixtures.line(7), 2));
        for (long stop = 1; stop <= 5; stop++) {
            long step = stop;
            assertThat(trained(1, trainer -> {
                int done = (int) (step / 3);
                trainer.fit(Fixtures.line(7), Fixtures.line(7), 2, stopAfter(trainer, step));
                List<TrainingEvent.EpochEnded> rest = trainer.fit(Fixtures.line(7), Fixtures.line(7), 2 - done);
                assertThat(rest).extracting(TrainingEvent.EpochEnded::epoch).last().isEqualTo(2);
                assertThat(rest.getLast().step()).isEqualTo(6);
            })).as("stopped after step %d", stop).isEqualTo(whole);
        }
    }

    // ---- epochs and batches

    @Test
    void every_epoch_takes_every_example_once_in_another_order_and_the_last_batch_may_be_smaller() {
        Fixtures.Table examples = Fixtures.line(7);
        try (var model = model(new Dense(1), 1); var trainer = trainer(model, new Descent(0.1), 3)) {
            trainer.fit(examples, Fixtures.line(1), 2);
        }
        assertThat(examples.asked).extracting(List::size).containsExactly(3, 3, 1, 3, 3, 1);
        List<Integer> first = examples.asked.subList(0, 3).stream().flatMap(List::stream).toList();
        List<Integer> second = examples.asked.subList(3, 6).stream().flatMap(List::stream).toList();
        assertThat(first).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6).isNotEqualTo(second);
        assertThat(second).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6);
    }

    @Test
    void the_loss_of_an_epoch_is_the_mean_over_its_examples() {
        var examples = new Fixtures.Table(new float[] {0, 1}, new float[] {0, 2}, new float[] {0, 3});
        try (var model = model((x, cx) -> x.mul(cx.call("fc", new Dense(1), x)), 1);
                var trainer = trainer(model, new Descent(0), 2)) {
            TrainingEvent.EpochEnded ended = trainer.fit(examples, examples, 1).get(0);
            assertThat(ended.train().loss()).isCloseTo((1 + 4 + 9) / 3.0, within(1e-6));
            assertThat(ended.train().examples()).isEqualTo(3);
            assertThat(ended.test().loss()).isCloseTo((1 + 4 + 9) / 3.0, within(1e-6));
            assertThat(ended.train().get("near")).isZero();
        }
    }

    // ---- events

    @Test
    void callbacks_are_told_what_happens_one_after_the_other() {
        var told = new ArrayList<String>();
        try (var model = model(new Dense(1), 1); var trainer = trainer(model, new Descent(0.1), 2)) {
            trainer.fit(Fixtures.line(3), Fixtures.line(2), 2, event -> told.add("first " + text(event)),
                    event -> told.add("second " + text(event)));
            assertThat(told).containsExactly("first start 2 2 1", "second start 2 2 1", "first step 1 1 2 2",
                    "second step 1 1 2 2", "first step 1 2 1 3", "second step 1 2 1 3", "first epoch 1 2 3 2",
                    "second epoch 1 2 3 2", "first step 2 3 2 2", "second step 2 3 2 2", "first step 2 4 1 3",
                    "second step 2 4 1 3", "first epoch 2 4 3 2", "second epoch 2 4 3 2", "first end false",
                    "second end false");
            told.clear();
            trainer.fit(Fixtures.line(3), Fixtures.line(2), 1, event -> told.add(text(event)));
            assertThat(told).containsExactly("start 1 2 5", "step 3 5 2 2", "step 3 6 1 3", "epoch 3 6 3 2",
                    "end false");
        }
    }

    private static String text(TrainingEvent event) {
        return switch (event) {
            case TrainingEvent.Started(int epochs, long steps, long first) ->
                    "start " + epochs + " " + steps + " " + first;
            case TrainingEvent.StepEnded(int epoch, long step, Evaluation batch, Evaluation epochSoFar) ->
                    "step " + epoch + " " + step + " " + batch.examples() + " " + epochSoFar.examples();
            case TrainingEvent.EpochEnded(int epoch, long step, Evaluation train, Evaluation test) ->
                    "epoch " + epoch + " " + step + " " + train.examples() + " " + test.examples();
            case TrainingEvent.Ended(boolean stopped) -> "end " + stopped;
        };
    }

    @Test
    void a_callbacks_exception_reaches_the_caller_and_training_can_go_on() {
        var exception = new IllegalStateException("disk full");
        try (var model = model(new Dense(1), 1); var trainer = trainer(model, new Descent(0.1), 1)) {
            assertThatThrownBy(() -> trainer.fit(Fixtures.line(100), Fixtures.line(2), 1, event -> {
                if (event instanceof TrainingEvent.StepEnded(_, long step, _, _) && step == 2) {
                    throw exception;
                }
            })).isSameAs(exception);
            assertThat(BatchQueueTest.preparing()).isEmpty();
            assertThat(trainer.fit(Fixtures.line(100), Fixtures.line(2), 1).get(0).step()).isEqualTo(100);
        }
    }

    @Test
    void a_failure_of_the_examples_reaches_the_caller() {
        var exception = new IllegalStateException("file truncated");
        try (var model = model(new Dense(1), 1); var trainer = trainer(model, new Descent(0.1), 1)) {
            assertThatThrownBy(() -> trainer.fit(BatchQueueTest.failing(() -> exception), Fixtures.line(2), 1))
                    .isSameAs(exception);
            assertThatThrownBy(
                    () -> model.evaluate(BatchQueueTest.failing(() -> exception), new SquaredError(), near(), 1))
                            .isSameAs(exception);
        }
    }

    // ---- stopping

    @Test
    void stopping_ends_training_after_the_step_with_an_evaluation() {
        var told = new ArrayList<String>();
        try (var model = model(new Dense(1), 1); var trainer = trainer(model, new Descent(0.1), 1)) {
            List<TrainingEvent.EpochEnded> history = trainer.fit(Fixtures.line(3), Fixtures.line(2), 5,
                    stopAfter(trainer, 4),
                    event -> told.add(text(event)));
            assertThat(told).endsWith("step 2 4 1 1", "epoch 2 4 1 2", "end true");
            assertThat(history).extracting(TrainingEvent.EpochEnded::step).containsExactly(3L, 4L);
        }
    }

    @Test
    void stopping_at_the_last_step_is_no_stop() {
        var told = new ArrayList<String>();
        try (var model = model(new Dense(1), 1); var trainer = trainer(model, new Descent(0.1), 1)) {
            trainer.fit(Fixtures.line(3), Fixtures.line(2), 1, stopAfter(trainer, 3), event -> told.add(text(event)));
            assertThat(told).endsWith("step 1 3 1 3", "epoch 1 3 3 2", "end false");
            assertThat(trainer.fit(Fixtures.line(3), Fixtures.line(2), 2)).hasSize(2);
        }
    }

    @Test
    void stopping_before_training_starts_ends_it_after_its_first_step() {
        try (var model = model(new Dense(1), 1); var trainer = trainer(model, new Descent(0.1), 1)) {
            trainer.stop();
            assertThat(trainer.fit(Fixtures.line(3), Fixtures.line(2), 5)).singleElement()
                    .extracting(TrainingEvent.EpochEnded::step).isEqualTo(1L);
            assertThat(trainer.fit(Fixtures.line(3), Fixtures.line(2), 2)).hasSize(2);
        }
    }

    @Test
    void another_thread_stops_training() throws InterruptedException {
        var started = new CountDownLatch(1);
        try (var model = model(new Dense(1), 1); var trainer = trainer(model, new Descent(0.1), 1)) {
            var stopper = new Thread(() -> {
                try {
                    started.await();
                    trainer.stop();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            stopper.start();
            var last = new ArrayList<TrainingEvent>();
            trainer.fit(Fixtures.line(3), Fixtures.line(2), Integer.MAX_VALUE / 3, _ -> started.countDown(), event -> {
                last.clear();
                last.add(event);
            });
            stopper.join();
            assertThat(last).containsExactly(new TrainingEvent.Ended(true));
        }
    }

    // ---- optimizers' memory

    @Test
    void slots_start_at_zero_and_steps_at_one() {
        var rule = new Optimizer() {
            @Override
            public Tensor update(Tensor parameter,
                    Tensor gradient, Slots slots) {
                return slots.set("sum", slots.get("sum").add(slots.step()));
            }
        };
        try (var model = model(new Dense(1), 1); var trainer = trainer(model, rule, 1)) {
            trainer.fit(Fixtures.line(4), Fixtures.line(1), 1);
            assertThat(number(model.weights(), "weight")).isEqualTo(1 + 2 + 3 + 4);
            assertThat(model.weights().keySet()).containsExactly("weight", "bias");
        }
    }

    @Test
    void a_slot_may_be_set_without_having_been_read() {
        Optimizer keeper = (parameter, gradient, slots) -> {
            slots.set("last", gradient);
            return parameter;
        };
        try (var model = model(new Dense(1), 1); var trainer = trainer(model, keeper, 1)) {
            assertThat(trainer.fit(Fixtures.line(2), Fixtures.line(1), 1)).hasSize(1);
        }
    }

    // ---- mistakes

    @Test
    void settings_that_make_no_sense_are_refused() {
        try (var model = model(new Dense(1), 1)) {
            assertThatThrownBy(() -> trainer(model, new Descent(0.1), 0)).isInstanceOf(CambiumException.class)
                    .hasMessage("the batch size must be at least 1, not 0");
            var metrics = new LinkedHashMap<String, Metric>(Map.of("loss", new Near()));
            assertThatThrownBy(() -> new Trainer(model, new SquaredError(), new Descent(0.1), 1, metrics))
                    .isInstanceOf(CambiumException.class)
                    .hasMessage("a metric can't be named 'loss': that is the name of the loss itself");
        }
    }

    @Test
    void examples_that_do_not_fit_the_model_are_refused_before_the_first_step() {
        try (var model = model(new Dense(1), 1); var trainer = trainer(model, new Descent(0.1), 1)) {
            assertThatThrownBy(() -> trainer.fit(Fixtures.exclusiveOr(), Fixtures.line(1), 1))
                    .isInstanceOf(CambiumException.class)
                    .hasMessage("the model takes inputs float32[1], but the examples are float32[2]");
            assertThatThrownBy(() -> trainer.fit(Fixtures.line(1), Fixtures.exclusiveOr(), 1))
                    .isInstanceOf(CambiumException.class);
        }
    }

    @Test
    void a_loss_that_does_not_fit_is_refused() {
        try (var model = model(new Dense(2), 1); var trainer = trainer(model, new Descent(0.1), 2)) {
            assertThatThrownBy(() -> trainer.fit(Fixtures.line(2), Fixtures.line(2), 1))
                    .isInstanceOf(ShapeException.class)
                    .hasMessage("loss: reshape: float32[2, 1] has 2 elements, [2, 2] takes 4");
        }
    }

    @Test
    void a_step_that_fails_to_compile_leaves_nothing_open() {
        try (var model = Model.create(new Dense(1), floats(1), new FailingBackend(backend, 2), 1);
                var trainer = trainer(model, new Momentum(0.1), 2)) {
            assertThatThrownBy(() -> trainer.fit(Fixtures.line(3), Fixtures.line(2), 1))
                    .isInstanceOf(IllegalStateException.class).hasMessage("compilation 3 fails");
        }
    }
}
