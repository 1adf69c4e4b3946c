package dev.cambium.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineTestKit;

import dev.cambium.data.Batch;
import dev.cambium.data.DataEnvironment;
import dev.cambium.data.Dataset;
import dev.cambium.data.Examples;
import dev.cambium.data.Splits;
import dev.cambium.nn.Context;
import dev.cambium.nn.Initializer;
import dev.cambium.nn.Layer;
import dev.cambium.nn.Loss;
import dev.cambium.nn.Metric;
import dev.cambium.nn.Optimizer;
import dev.cambium.part.Part;
import dev.cambium.part.PartProvider;
import dev.cambium.part.PartType;
import dev.cambium.part.Setting;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;

/** Each promise is broken by one part, and the check of that promise says so. */
class PartConformanceTest {
    @Test
    void good_parts_pass_all_but_being_found_for_no_module_declares_them() {
        assertThat(failures(Good.class)).containsExactly("good-layer is found by the service loader",
                "good-loss is found by the service loader", "good-optimizer is found by the service loader",
                "good-data is found by the service loader");
    }

    @Test
    void a_wrong_gradient_is_caught() {
        assertThat(failures(OfWrongGradient.class)).containsExactly("part is found by the service loader",
                "part has the gradient that finite differences give");
    }

    @Test
    void an_output_that_is_not_one_for_each_example_is_caught() {
        assertThat(failures(OfSummed.class)).containsExactly("part is found by the service loader",
                "part gives one output for each example");
    }

    @Test
    void a_layer_that_draws_from_elsewhere_is_caught() {
        assertThat(failures(OfUnsteady.class)).contains(
                "part computes the same bits twice, and the same on every backend");
    }

    @Test
    void a_record_that_changes_its_settings_is_caught() {
        assertThat(failures(OfForgetful.class)).contains("part keeps its settings when they are written down");
    }

    @Test
    void a_description_of_two_lines_is_caught() {
        assertThat(failures(OfLongWinded.class)).contains("part describes itself and its settings in a line each");
    }

    @Test
    void two_parts_of_one_name_are_caught() {
        assertThat(failures(OfTwoOfOneName.class)).contains(
                "the provider offers parts, no two of one kind and name");
    }

    @Test
    void a_setting_that_the_kit_can_not_guess_is_asked_for() {
        assertThat(failures(OfDemanding.class)).contains("part keeps its settings when they are written down");
    }

    @Test
    void a_loss_that_is_a_sum_is_caught() {
        assertThat(failures(OfSumLoss.class)).containsExactly("part is found by the service loader",
                "part is a mean: a batch taken twice has the same loss");
    }

    @Test
    void a_loss_that_is_no_scalar_is_caught() {
        assertThat(failures(OfRowLoss.class)).contains("part is a floating-point scalar");
    }

    @Test
    void a_metric_that_is_a_mean_is_caught() {
        assertThat(failures(OfMeanMetric.class)).containsExactly("part is found by the service loader",
                "part adds up: a batch taken twice has twice the statistics");
    }

    @Test
    void an_optimizer_that_climbs_is_caught() {
        assertThat(failures(OfClimber.class)).containsExactly("part is found by the service loader",
                "part makes a quadratic smaller");
    }

    @Test
    void a_dataset_whose_types_are_not_what_it_says_is_caught() {
        assertThat(failures(OfMistyped.class)).containsExactly("part is found by the service loader",
                "part has batches of the types that it says");
    }

    @Test
    void a_dataset_that_varies_is_caught() {
        assertThat(failures(OfVarying.class)).containsExactly("part is found by the service loader",
                "part gives the same examples twice, in any order");
    }

    @Test
    void a_label_that_is_no_class_is_caught() {
        assertThat(failures(OfMislabelled.class)).containsExactly("part is found by the service loader",
                "part has labels that are classes");
    }

    private static List<String> failures(Class<?> tests) {
        return EngineTestKit.engine("junit-jupiter").selectors(selectClass(tests)).execute().testEvents().failed()
                .stream().map(event -> event.getTestDescriptor().getDisplayName()).toList();
    }

    abstract static class Of extends PartConformance {
        private final List<Class<? extends Record>> parts;

        @SafeVarargs
        @SuppressWarnings("varargs")
        Of(Class<? extends Record>... parts) {
            this.parts = List.of(parts);
        }

        @Override
        protected PartProvider provider() {
            return () -> parts.stream().<PartType<?>>map(PartType::of).toList();
        }
    }

    static class Good extends Of {
        Good() {
            super(GoodLayer.class, GoodLoss.class, GoodOptimizer.class, GoodData.class);
        }
    }

    static class OfWrongGradient extends Of {
        OfWrongGradient() {
            super(WrongGradient.class);
        }
    }

    static class OfSummed extends Of {
        OfSummed() {
            super(Summed.class);
        }
    }

    static class OfUnsteady extends Of {
        OfUnsteady() {
            super(Unsteady.class);
        }
    }

    static class OfForgetful extends Of {
        OfForgetful() {
            super(Forgetful.class);
        }
    }

    static class OfLongWinded extends Of {
        OfLongWinded() {
            super(LongWinded.class);
        }
    }

    static class OfTwoOfOneName extends Of {
        OfTwoOfOneName() {
            super(Summed.class, Unsteady.class);
        }
    }

    static class OfDemanding extends Of {
        OfDemanding() {
            super(Demanding.class);
        }
    }

    static class OfSumLoss extends Of {
        OfSumLoss() {
            super(SumLoss.class);
        }
    }

    static class OfRowLoss extends Of {
        OfRowLoss() {
            super(RowLoss.class);
        }
    }

    static class OfMeanMetric extends Of {
        OfMeanMetric() {
            super(MeanMetric.class);
        }
    }

    static class OfClimber extends Of {
        OfClimber() {
            super(Climber.class);
        }
    }

    static class OfMistyped extends Of {
        OfMistyped() {
            super(Mistyped.class);
        }
    }

    static class OfVarying extends Of {
        OfVarying() {
            super(Varying.class);
        }
    }

    static class OfMislabelled extends Of {
        OfMislabelled() {
            super(Mislabelled.class);
        }
    }

    /** A learned factor. */
    @Part(name = "good-layer", description = "times a learned number")
    public record GoodLayer(@Setting(doc = "the first factor", defaultValue = "0.5") double start) implements Layer {
        @Override
        public Tensor forward(Tensor input, Context cx) {
            return input.mul(cx.parameter("factor", Shape.scalar(), Initializer.constant(start)));
        }
    }

    /** Mean squared error. */
    @Part(name = "good-loss", description = "mean squared error")
    public record GoodLoss() implements Loss {
        @Override
        public Tensor loss(Tensor predictions, Tensor targets) {
            Tensor error = predictions.sub(targets.cast(predictions.dtype()));
            return error.mul(error).mean();
        }
    }

    /** Gradient descent. */
    @Part(name = "good-optimizer", description = "gradient descent")
    public record GoodOptimizer() implements Optimizer {
        @Override
        public Tensor update(Tensor parameter, Tensor gradient, Slots slots) {
            return parameter.sub(gradient.mul(0.01));
        }
    }

    /** Numbers and whether they are odd. */
    @Part(name = "good-data", description = "numbers and whether they are odd")
    public record GoodData() implements Dataset {
        @Override
        public Splits load(DataEnvironment environment) {
            var examples = new Odd(1, 2, false);
            return new Splits(examples, examples);
        }
    }

    /** A gradient rule that is off by a factor. */
    @Part(name = "part", description = "x squared")
    public record WrongGradient() implements Layer {
        @Override
        public Tensor forward(Tensor input, Context cx) {
            return Tensor.region("square", List.of(input), in -> in.get(0).mul(in.get(0)),
                    (inputs, output, gradient) -> List.of(gradient.mul(inputs.get(0))));
        }
    }

    /** The first axis is not the batch. */
    @Part(name = "part", description = "the last example is left out")
    public record Summed() implements Layer {
        @Override
        public Tensor forward(Tensor input, Context cx) {
            return input.slice(0, 0, input.shape().dim(0) - 1);
        }
    }

    /** A draw that does not follow from the run's seed. */
    @Part(name = "part", description = "noise")
    public record Unsteady() implements Layer {
        @Override
        public Tensor forward(Tensor input, Context cx) {
            return input.mul((double) (System.nanoTime() % 1_000_003));
        }
    }

    /** What is written down is not what it was. */
    @Part(name = "part", description = "forgets")
    public record Forgetful(@Setting(doc = "a number", defaultValue = "1") int number) implements Layer {
        /** Adds one. */
        public Forgetful {
            number++;
        }

        @Override
        public Tensor forward(Tensor input, Context cx) {
            return input;
        }
    }

    /** Two lines. */
    @Part(name = "part", description = "does\nthis")
    public record LongWinded() implements Layer {
        @Override
        public Tensor forward(Tensor input, Context cx) {
            return input;
        }
    }

    /** A required setting. */
    @Part(name = "part", description = "needs a number")
    public record Demanding(@Setting(doc = "a number") int number) implements Layer {
        @Override
        public Tensor forward(Tensor input, Context cx) {
            return input;
        }
    }

    /** Grows with the batch. */
    @Part(name = "part", description = "sum of squares")
    public record SumLoss() implements Loss {
        @Override
        public Tensor loss(Tensor predictions, Tensor targets) {
            return predictions.mul(predictions).sum();
        }
    }

    /** One number for each example. */
    @Part(name = "part", description = "sums of squares")
    public record RowLoss() implements Loss {
        @Override
        public Tensor loss(Tensor predictions, Tensor targets) {
            return predictions.mul(predictions).sum(1);
        }
    }

    /** Does not add up. */
    @Part(name = "part", description = "mean")
    public record MeanMetric() implements Metric {
        @Override
        public Tensor statistics(Tensor predictions, Tensor targets) {
            return predictions.mean();
        }

        @Override
        public NdArray result(NdArray totals) {
            return totals;
        }
    }

    /** In the wrong direction. */
    @Part(name = "part", description = "gradient ascent")
    public record Climber() implements Optimizer {
        @Override
        public Tensor update(Tensor parameter, Tensor gradient, Slots slots) {
            return parameter.add(gradient.mul(0.01));
        }
    }

    /** Says another type before loading than after. */
    @Part(name = "part", description = "mistyped")
    public record Mistyped() implements Dataset {
        @Override
        public Optional<TensorType> inputType() {
            return Optional.of(new TensorType(DType.FLOAT32, Shape.of(2)));
        }

        @Override
        public Splits load(DataEnvironment environment) {
            return new GoodData().load(environment);
        }
    }

    /** An example depends on its place in the batch. */
    @Part(name = "part", description = "varying")
    public record Varying() implements Dataset {
        @Override
        public Splits load(DataEnvironment environment) {
            var examples = new Odd(1, 2, true);
            return new Splits(examples, examples);
        }
    }

    /** Fewer classes than labels. */
    @Part(name = "part", description = "mislabelled")
    public record Mislabelled() implements Dataset {
        @Override
        public Splits load(DataEnvironment environment) {
            var examples = new Odd(1, 1, false);
            return new Splits(examples, examples);
        }
    }

    private record Odd(int width, int classes, boolean byPlace) implements Examples {
        @Override
        public int size() {
            return 10;
        }

        @Override
        public TensorType inputType() {
            return new TensorType(DType.FLOAT32, Shape.of(width));
        }

        @Override
        public TensorType targetType() {
            return new TensorType(DType.INT64, Shape.scalar());
        }

        @Override
        public List<String> classNames() {
            return List.of("even", "odd").subList(0, classes);
        }

        @Override
        public Batch batch(int epoch, int... indices) {
            float[] inputs = new float[indices.length];
            long[] targets = new long[indices.length];
            for (int i = 0; i < indices.length; i++) {
                inputs[i] = byPlace ? i : indices[i];
                targets[i] = indices[i] % 2;
            }
            return new Batch(NdArray.of(Shape.of(indices.length, width), inputs),
                    NdArray.of(Shape.of(indices.length), targets));
        }
    }
}
