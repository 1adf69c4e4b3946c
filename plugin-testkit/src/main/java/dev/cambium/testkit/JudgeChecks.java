package dev.cambium.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.Supplier;

import org.junit.jupiter.api.DynamicTest;

import dev.cambium.backend.Backend;
import dev.cambium.backend.Backends;
import dev.cambium.backend.Executable;
import dev.cambium.nn.Loss;
import dev.cambium.nn.Metric;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.ShapeException;
import dev.cambium.tensor.Tensor;
import dev.cambium.testkit.PartConformance.Judged;

/** What a loss and a metric promise. */
final class JudgeChecks {
    private static final double TOLERANCE = 1e-5;

    private JudgeChecks() {}

    static void addLoss(String name, Supplier<Loss> loss, Function<Object, List<Judged>> examples,
            List<DynamicTest> tests) {
        tests.add(dynamicTest(name + " is a floating-point scalar", () -> {
            Loss made = loss.get();
            forEach(made::loss, examples.apply(made), (_, judged) -> {
                Tensor value = made.loss(constant(judged.predictions()), constant(judged.targets()));
                assertThat(value.shape()).isEqualTo(Shape.scalar());
                assertThat(value.dtype().isFloating()).as("%s is floating-point", value).isTrue();
            });
        }));
        tests.add(dynamicTest(name + " is a mean: a batch taken twice has the same loss", () -> {
            Loss made = loss.get();
            forEach(made::loss, examples.apply(made),
                    (backend, judged) -> assertThat(value(backend, made::loss, twice(judged)).item())
                            .isCloseTo(value(backend, made::loss, judged).item(), within(TOLERANCE)));
        }));
        tests.add(dynamicTest(name + " has the gradient that finite differences give", () -> {
            Loss made = loss.get();
            forEach(made::loss, examples.apply(made), (backend, judged) -> GradientCheck.loss(backend, made,
                    judged.predictions(), judged.targets()));
        }));
    }

    static void addMetric(String name, Supplier<Metric> metric, Function<Object, List<Judged>> examples,
            List<DynamicTest> tests) {
        tests.add(dynamicTest(name + " adds up: a batch taken twice has twice the statistics", () -> {
            Metric made = metric.get();
            forEach(made::statistics, examples.apply(made), (backend, judged) -> {
                NdArray once = value(backend, made::statistics, judged);
                double[] doubled = once.toDoubleArray();
                for (int i = 0; i < doubled.length; i++) {
                    doubled[i] *= 2;
                }
                NdArray both = value(backend, made::statistics, twice(judged));
                assertThat(both.type()).as("the statistics' type").isEqualTo(once.type());
                assertThat(both.toDoubleArray()).containsExactly(doubled, within(TOLERANCE));
            });
        }));
    }

    private static void forEach(BinaryOperator<Tensor> judge, List<Judged> examples,
            BiConsumer<Backend, Judged> check) {
        var refusals = new ArrayList<String>();
        try (Backend backend = Backends.open()) {
            for (Judged judged : examples) {
                try {
                    var _ = judge.apply(constant(judged.predictions()), constant(judged.targets()));
                } catch (ShapeException e) {
                    refusals.add(String.valueOf(e.getMessage()));
                    continue;
                }
                check.accept(backend, judged);
            }
        }
        assertThat(refusals.size()).as("it takes none of the examples; override judged(Object); it said %s", refusals)
                .isLessThan(examples.size());
    }

    private static NdArray value(Backend backend, BinaryOperator<Tensor> judge, Judged judged) {
        return value(backend, judge.apply(constant(judged.predictions()), constant(judged.targets())));
    }

    private static NdArray value(Backend backend, Tensor tensor) {
        try (Executable executable = backend.compile(Graph.of("value", tensor), Map.of())) {
            return executable.run(Map.of()).firstEntry().getValue();
        }
    }

    private static Judged twice(Judged judged) {
        return new Judged(twice(judged.predictions()), twice(judged.targets()));
    }

    private static NdArray twice(NdArray value) {
        return Backends.evaluate(Tensor.concat(0, List.of(constant(value), constant(value))));
    }

    private static Tensor constant(NdArray value) {
        return Tensor.constant(value);
    }
}
