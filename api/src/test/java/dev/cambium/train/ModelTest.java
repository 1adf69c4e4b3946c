package dev.cambium.train;

import static dev.cambium.train.Fixtures.floats;
import static dev.cambium.train.Fixtures.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.cambium.CambiumException;
import dev.cambium.data.Batch;
import dev.cambium.data.Examples;
import dev.cambium.nn.Initializer;
import dev.cambium.nn.Layer;
import dev.cambium.nn.Metric;
import dev.cambium.reference.ReferenceBackend;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.ShapeException;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.train.Fixtures.Dense;
import dev.cambium.train.Fixtures.Hidden;
import dev.cambium.train.Fixtures.Near;
import dev.cambium.train.Fixtures.Noisy;
import dev.cambium.train.Fixtures.SquaredError;

class ModelTest {
    private final ReferenceBackend backend = ReferenceBackend.rounded();

    /** Fails if a test has left anything open. */
    @AfterEach
    void close() {
        backend.close();
    }

    private Model model(Layer layer, int inputs) {
        return Model.create(layer, floats(inputs), backend, 1);
    }

    private static NdArray rows(int rows, int columns, float... values) {
        return NdArray.of(Shape.of(rows, columns), values);
    }

    private static SequencedMap<String, Metric> metrics() {
        var metrics = new LinkedHashMap<String, Metric>();
        metrics.put("near", new Near());
        return metrics;
    }

    @Test
    void weights_follow_from_the_seed() {
        try (var model = model(new Hidden(3), 2); var same = model(new Hidden(3), 2);
                var other = Model.create(new Hidden(3), floats(2), backend, 2)) {
            assertThat(model.weights()).isEqualTo(same.weights());
            assertThat(model.weights().get("fc1.weight")).isNotEqualTo(other.weights().get("fc1.weight"));
        }
    }

    @Test
    void a_model_knows_its_types_and_the_number_of_its_parameters() {
        try (var model = model(new Hidden(3), 2)) {
            assertThat(model.layer()).isEqualTo(new Hidden(3));
            assertThat(model.inputType()).hasToString("float32[2]");
            assertThat(model.outputType()).hasToString("float32[1]");
            assertThat(model.backend()).isSameAs(backend);
            assertThat(model.parameterCount()).isEqualTo(2 * 3 + 3 + 3 + 1);
            assertThat(model.weights().keySet()).containsExactly("fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias");
        }
        try (var model = model(new Noisy(), 2)) {
            assertThat(model.parameterCount()).isEqualTo(3);
            assertThat(model.weights().keySet()).containsExactly("fc.weight", "fc.bias", "steps");
        }
    }

    @Test
    void weights_are_double_for_double_inputs_and_float_for_all_others() {
        for (DType dtype : DType.values()) {
            Layer layer = (x, cx) -> x.cast(DType.FLOAT64)
                    .mul(cx.parameter("scale", Shape.of(2), Initializer.ones()).cast(DType.FLOAT64));
            try (var model = Model.create(layer, new TensorType(dtype, Shape.of(2)), backend, 1)) {
                assertThat(model.weights().firstEntry().getValue().dtype())
                        .isEqualTo(dtype == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32);
            }
        }
    }

    @Test
    void inputs_that_do_not_fit_the_network_are_refused_by_layer() {
        assertThatThrownBy(() -> Model.create(new Hidden(3), floats(), backend, 1)).isInstanceOf(ShapeException.class)
                .hasMessageStartingWith("hidden/fc1: matmul: float32[1]");
    }

    @Test
    void weights_that_fit_into_no_memory_are_refused_by_name() {
        assertThatThrownBy(() -> model(new Dense(Integer.MAX_VALUE), 2)).isInstanceOf(CambiumException.class)
                .hasMessage(
                        "float32[2, 2147483647] has 4294967294 elements, more than the 2147483647 that fit into an array");
        assertThatThrownBy(() -> model(new Dense(Integer.MAX_VALUE), 1)).isInstanceOf(CambiumException.class)
                .hasMessageMatching(
                        "weight float32\\[1, 2147483647\\] does not fit into memory: the Java heap has room for "
                                + "[0-9]+ MB in all; take a smaller network or a larger heap \\(java -Xmx…\\)");
    }

    // ---- prediction

    @Test
    void predictions_are_the_networks_outputs_whatever_the_size_of_the_batch() {
        try (var model = model(new Dense(1), 2)) {
            model.load(Map.of("weight", rows(2, 1, 10, 1), "bias", NdArray.of(Shape.of(1), 0.5f)));
            assertThat(model.predict(rows(2, 2, 1, 2, 3, 4))).isEqualTo(rows(2, 1, 12.5f, 34.5f));
            assertThat(model.predict(rows(1, 2, 3, 4))).isEqualTo(rows(1, 1, 34.5f));
            assertThat(model.predict(rows(0, 2))).isEqualTo(rows(0, 1));
        }
    }

    @Test
    void predictions_neither_draw_noise_nor_update_state() {
        try (var model = model(new Noisy(), 1)) {
            NdArray once = model.predict(rows(1, 1, 1));
            assertThat(model.predict(rows(1, 1, 1))).isEqualTo(once);
            assertThat(number(model.weights(), "steps")).isZero();
        }
    }

    @Test
    void inputs_of_another_type_are_refused() {
        try (var model = model(new Dense(1), 2)) {
            assertThatThrownBy(() -> model.predict(rows(1, 3, 1, 2, 3))).isInstanceOf(CambiumException.class)
                    .hasMessage("the network takes a batch of float32[2], not float32[1, 3]");
            assertThatThrownBy(() -> model.predict(NdArray.of(Shape.of(2), 1f, 2))).isInstanceOf(CambiumException.class)
                    .hasMessage("the network takes a batch of float32[2], not float32[2]");
            assertThatThrownBy(() -> model.predict(NdArray.of(Shape.of(1, 2), 1.0, 2)))
                    .isInstanceOf(CambiumException.class);
            assertThatThrownBy(() -> model.predict(NdArray.scalar(1f))).isInstanceOf(CambiumException.class);
        }
    }

    // ---- weights

    @Test
    void weights_are_given_and_taken() {
        try (var model = model(new Hidden(3), 2); var other = Model.create(new Hidden(3), floats(2), backend, 2)) {
            other.load(model.weights());
            assertThat(other.weights()).isEqualTo(model.weights());
            NdArray input = rows(1, 2, 1, -1);
            assertThat(other.predict(input)).isEqualTo(model.predict(input));
        }
    }

    @Test
    void weights_of_another_network_are_refused_and_change_nothing() {
        try (var model = model(new Dense(1), 2)) {
            Map<String, NdArray> before = model.weights();
            var given = new LinkedHashMap<String, NdArray>();
            given.put("wieght", rows(2, 1, 1, 1));
            given.put("bias", rows(1, 1, 1));
            assertThatThrownBy(() -> model.load(given)).isInstanceOf(CambiumException.class).hasMessage("""
                    the weights are of another network:
                      weight float32[2, 1] is missing
                      bias is float32[1, 1], but the network has float32[1]
                      wieght is not in the network (did you mean 'weight'?)""");
            assertThat(model.weights()).isEqualTo(before);
        }
    }

    @Test
    void of_many_differences_the_first_eight_are_shown() {
        try (var model = model(new Dense(1), 2)) {
            var given = new HashMap<>(model.weights());
            for (int i = 0; i < 11; i++) {
                given.put("unknown" + i, NdArray.scalar(1f));
            }
            assertThatThrownBy(() -> model.load(given)).hasMessageEndingWith("\n  and 3 more")
                    .hasMessageMatching("(?s)(.*is not in the network){8}.*");
        }
    }

    // ---- evaluation

    @Test
    void an_evaluation_is_over_all_examples_however_they_are_cut() {
        try (var model = model(new Dense(1), 1)) {
            model.load(Map.of("weight", rows(1, 1, 2), "bias", NdArray.of(Shape.of(1), 0f)));
            var examples = new Fixtures.Table(new float[] {0, 0.25f}, new float[] {1, 2}, new float[] {2, 3});
            for (int batchSize = 1; batchSize <= 4; batchSize++) {
                Evaluation evaluation = model.evaluate(examples, new SquaredError(), metrics(), batchSize);
                assertThat(evaluation.examples()).isEqualTo(3);
                assertThat(evaluation.loss()).isCloseTo((0.0625 + 1) / 3, within(1e-7));
                assertThat(evaluation.get("near")).isCloseTo(2.0 / 3, within(1e-12));
            }
            assertThat(examples.asked.get(0)).containsExactly(0);
        }
    }

    @Test
    void an_evaluation_names_its_metrics() {
        try (var model = model(new Dense(1), 1)) {
            Evaluation evaluation = model.evaluate(Fixtures.line(2), new SquaredError(), metrics(), 2);
            assertThat(evaluation.metrics().keySet()).containsExactly("near");
            assertThatThrownBy(() -> evaluation.get("far")).isInstanceOf(CambiumException.class)
                    .hasMessage("no metric 'far'; there are: near");
            assertThatThrownBy(() -> evaluation.metrics().clear()).isInstanceOf(UnsupportedOperationException.class);
        }
    }

    @Test
    void an_evaluation_that_cannot_be_is_refused() {
        try (var model = model(new Dense(1), 1)) {
            assertThatThrownBy(() -> model.evaluate(Fixtures.exclusiveOr(), new SquaredError(), metrics(), 2))
                    .isInstanceOf(CambiumException.class)
                    .hasMessage("the model takes inputs float32[1], but the examples are float32[2]");
            assertThatThrownBy(() -> model.evaluate(Fixtures.line(2), new SquaredError(), metrics(), 0))
                    .isInstanceOf(CambiumException.class).hasMessage("the batch size must be at least 1, not 0");
            assertThatThrownBy(
                    () -> model.evaluate(Fixtures.line(2), new SquaredError(), Map.of("loss", new Near()), 2))
                            .isInstanceOf(CambiumException.class)
                            .hasMessage("a metric can't be named 'loss': that is the name of the loss itself");
        }
    }

    @Test
    void examples_with_targets_of_another_type_are_evaluated_too() {
        Fixtures.Table floats = Fixtures.line(2);
        Examples whole = new Examples() {
            @Override
            public int size() {
                return floats.size();
            }

            @Override
            public TensorType inputType() {
                return floats.inputType();
            }

            @Override
            public TensorType targetType() {
                return new TensorType(DType.INT64, Shape.scalar());
            }

            @Override
            public List<String> classNames() {
                return List.of();
            }

            @Override
            public Batch batch(int epoch, int... indices) {
                return new Batch(floats.batch(epoch, indices).inputs(),
                        NdArray.of(Shape.of(indices.length), new long[indices.length]));
            }
        };
        try (var model = model(new Dense(1), 1)) {
            double first = model.evaluate(floats, new SquaredError(), Map.of(), 2).loss();
            assertThat(model.evaluate(whole, new SquaredError(), Map.of(), 2).loss()).isNotEqualTo(first).isNotNaN();
        }
    }

    // ---- what it holds

    @Test
    void closing_twice_does_nothing() {
        var model = model(new Dense(1), 1);
        assertThat(model.predict(rows(1, 1, 1)).size()).isEqualTo(1);
        model.close();
        model.close();
        backend.close();
    }

    @Test
    void a_model_that_fails_to_be_made_leaves_nothing_open() {
        Layer failing = (x, cx) -> x.add(cx.parameter("bias", x.shape().dropFirst(), (type, _) -> {
            Tensor outside = Tensor.constant(NdArray.of(Shape.of(1), 7L));
            return Tensor.zeros(type).gather(outside).reshape(1);
        }));
        assertThatThrownBy(() -> model(failing, 1)).isInstanceOf(CambiumException.class)
                .hasMessageContaining("index 7 is outside the table of 1 rows");
        assertThatThrownBy(() -> Model.create(new Hidden(2), floats(2), new FailingBackend(backend, 0), 1))
                .isInstanceOf(IllegalStateException.class).hasMessage("compilation 1 fails");
    }
}
