package dev.cambium.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import dev.cambium.data.DataEnvironment;
import dev.cambium.data.Dataset;
import dev.cambium.nn.Layer;
import dev.cambium.nn.Loss;
import dev.cambium.nn.Metric;
import dev.cambium.nn.Optimizer;
import dev.cambium.part.PartProvider;
import dev.cambium.part.PartType;
import dev.cambium.part.PartType.SettingInfo;
import dev.cambium.part.Parts;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.TensorType;

/**
 * What every part of a plugin must pass: it is found and describes itself, its settings survive being written down, and it keeps
 * the promises of its kind, on every backend that the tests have. A plugin's tests extend it:
 *
 * {@snippet :
 * class MyPartsTest extends PartConformance {
 *     @Override
 *     protected PartProvider provider() {
 *         return new MyParts();
 *     }
 * }
 * }
 *
 * One of the other methods is overridden where its default does not suit a part.
 */
public abstract class PartConformance {
    /** Called by subclasses. */
    protected PartConformance() {}

    /** Offers the parts under test. */
    protected abstract PartProvider provider();

    /** The settings that a part is tried with, as they would stand in a file; by default none, so that all have their defaults. */
    protected Map<String, ?> settings(PartType<?> type) {
        return Map.of();
    }

    /**
     * Inputs that a layer is tried with, the first axis the batch; those that it refuses with a
     * {@link dev.cambium.tensor.ShapeException} are passed over, but not all. By default rows float32[3, 4] and pictures
     * float32[2, 3, 6, 6].
     */
    protected List<NdArray> inputs(Layer layer) {
        return List.of(Values.reals(new TensorType(DType.FLOAT32, Shape.of(3, 4)), 5),
                Values.reals(new TensorType(DType.FLOAT32, Shape.of(2, 3, 6, 6)), 6));
    }

    /**
     * Predictions and targets that a loss or a metric is tried with; those that it refuses are passed over, but not all. By default
     * scores float32[3, 4] with labels int64[3], and with numbers float32[3, 4].
     *
     * @param part
     *            the loss or metric
     */
    protected List<Judged> judged(Object part) {
        NdArray scores = Values.reals(new TensorType(DType.FLOAT32, Shape.of(3, 4)), 7);
        return List.of(new Judged(scores, NdArray.of(Shape.of(3), 2L, 0L, 3L)),
                new Judged(scores, Values.reals(scores.type(), 8)));
    }

    /** Where datasets look for their files; by default as everywhere. */
    protected DataEnvironment environment() {
        return DataEnvironment.standard();
    }

    /** What a loss or a metric compares, the first axis of both the batch. */
    public record Judged(NdArray predictions, NdArray targets) {}

    @TestFactory
    Stream<DynamicTest> parts() {
        var tests = new ArrayList<DynamicTest>();
        List<PartType<?>> types = provider().parts();
        tests.add(dynamicTest("the provider offers parts, no two of one kind and name", () -> {
            assertThat(types).as("the parts offered").isNotEmpty();
            assertThat(Parts.of(List.of(provider())).refusals()).as("parts left out").isEmpty();
        }));
        types.forEach(type -> addTests(type, tests));
        return tests.stream();
    }

    private <P> void addTests(PartType<P> type, List<DynamicTest> tests) {
        String name = type.name();
        tests.add(dynamicTest(name + " is found by the service loader", () -> assertThat(Parts.discover().entries())
                .as("parts of the providers that module-info.java, or META-INF/services on the class path, declares")
                .anyMatch(entry -> entry.type().recordClass() == type.recordClass())));
        tests.add(dynamicTest(name + " describes itself and its settings in a line each", () -> describes(type)));
        tests.add(dynamicTest(name + " keeps its settings when they are written down", () -> {
            P part = make(type);
            Parts catalogue = Parts.discover();
            assertThat(catalogue.create(type, catalogue.settingsOf(type, part))).isEqualTo(part);
        }));
        Class<?> record = type.recordClass();
        if (Layer.class.isAssignableFrom(record)) {
            LayerChecks.add(name, () -> (Layer) make(type), this::inputs, tests);
        }
        if (Loss.class.isAssignableFrom(record)) {
            JudgeChecks.addLoss(name, () -> (Loss) make(type), this::judged, tests);
        }
        if (Metric.class.isAssignableFrom(record)) {
            JudgeChecks.addMetric(name, () -> (Metric) make(type), this::judged, tests);
        }
        if (Optimizer.class.isAssignableFrom(record)) {
            OptimizerChecks.add(name, () -> (Optimizer) make(type), tests);
        }
        if (Dataset.class.isAssignableFrom(record)) {
            DatasetChecks.add(name, () -> (Dataset) make(type), environment(), tests);
        }
    }

    private <P> P make(PartType<P> type) {
        Map<String, ?> given = settings(type);
        List<String> missing = type.settings().stream()
                .filter(setting -> setting.defaultValue().isEmpty() && !given.containsKey(setting.name()))
                .map(SettingInfo::name).toList();
        if (!missing.isEmpty()) {
            fail("%s needs %s: override settings(PartType) to give values to try it with", type.name(), missing);
        }
        return Parts.discover().create(type, given);
    }

    private static void describes(PartType<?> type) {
        assertThat(type.name()).as("the name").matches("[a-z][a-z0-9]*(-[a-z0-9]+)*");
        assertThat(type.description()).as("the description").isNotBlank().doesNotContain("\n");
        type.settings().forEach(setting -> assertThat(setting.doc()).as("what %s means", setting.name()).isNotBlank()
                .doesNotContain("\n"));
    }
}
