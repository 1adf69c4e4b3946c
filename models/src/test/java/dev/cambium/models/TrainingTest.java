package dev.cambium.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import dev.cambium.backend.Backend;
import dev.cambium.data.Batch;
import dev.cambium.data.Examples;
import dev.cambium.nn.Metric;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.TensorType;
import dev.cambium.train.Model;
import dev.cambium.train.Trainer;
import dev.cambium.train.TrainingEvent;

/** Whole training steps of the reference network's small twin through model and trainer. */
class TrainingTest {
    private static final GoldenCase GOLDEN = GoldenCase.all("reference_cnn").findFirst().orElseThrow();

    /** The case's four images, as one batch. */
    private record GoldenExamples(NdArray images, NdArray labels) implements Examples {
        @Override
        public int size() {
            return images.shape().dim(0);
        }

        @Override
        public TensorType inputType() {
            return new TensorType(images.dtype(), images.shape().dropFirst());
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
            return new Batch(GoldenCase.rows(images, indices), GoldenCase.rows(labels, indices));
        }
    }

    static Stream<Arguments> backendsAndTypes() {
        return Golden.backends().stream()
                .flatMap(backend -> Stream.of(DType.FLOAT32, DType.FLOAT64).map(type -> Arguments.of(backend, type)));
    }

    @ParameterizedTest
    @MethodSource("backendsAndTypes")
    void three_steps_of_adam_give_the_losses_and_weights_of_pytorch(String backendName, DType dtype) {
        GoldenCase golden = GOLDEN.as(dtype);
        Tolerance tolerance = dtype == DType.FLOAT32 ? Tolerance.FLOAT32 : new Tolerance(1e-11, 1e-13);
        var examples = new GoldenExamples(golden.input("images"), golden.input("labels"));
        var weights = new LinkedHashMap<>(golden.inputs());
        weights.keySet().removeAll(List.of("images", "labels"));
        var metrics = new LinkedHashMap<String, Metric>();
        metrics.put("confusion", new ConfusionMatrix());
        var losses = new ArrayList<Double>();
        try (Backend backend = Golden.open(backendName);
                Model model = Model.create(new GoldenLayersTest.SmallCnn(), examples.inputType(), backend, 1);
                Trainer trainer = new Trainer(model, new CrossEntropy(), new Adam(golden.number("learning_rate")), 4,
                        metrics)) {
            model.load(weights);
            trainer.fit(examples, examples, 3, event -> {
                if (event instanceof TrainingEvent.StepEnded step) {
                    losses.add(step.batch().loss());
                    assertThat(Objects.requireNonNull(step.batch().metrics().get("confusion")).toDoubleArray())
                            .hasSize(100);
                }
            });
            double[] measured = losses.stream().mapToDouble(Double::doubleValue).toArray();
            tolerance.check("losses", GoldenCase.convert(NdArray.of(Shape.of(3), measured), dtype),
                    golden.output("losses"));
            model.weights().forEach((name, value) -> tolerance.check(name, value, golden.output(name)));
        }
    }
}
