package dev.cambium.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;

import dev.cambium.backend.Backend;
import dev.cambium.backend.Buffer;
import dev.cambium.backend.Executable;
import dev.cambium.backend.Profile;
import dev.cambium.backend.Profiler;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Variable;
import dev.cambium.tensor.Window2d;

/** What is made of weights alone is made again when they change, and only then. */
class InvariantsTest {
    private static final Shape IMAGES = Shape.of(3, 2, 9, 9);
    private static final Variable FILTERS = variable("filters", Shape.of(4, 2, 3, 3));
    private static final Variable WEIGHT = variable("weight", Shape.of(324, 5));

    private static Variable variable(String name, Shape shape) {
        return new Variable(name, new TensorType(DType.FLOAT32, shape), Variable.Role.PARAMETER);
    }

    private static NdArray random(Shape shape, int seed) {
        var random = new Random(seed);
        float[] values = new float[Math.toIntExact(shape.size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat() - 0.5f;
        }
        return NdArray.of(shape, values);
    }

    /** A convolution, whose filters are packed, a ReLU and a linear layer. */
    private static Tensor network() {
        return Tensor.input("images", new TensorType(DType.FLOAT32, IMAGES))
                .conv2d(FILTERS.read(), Window2d.square(3, 1).samePadding(), 1).relu().flatten(1)
                .matmul(WEIGHT.read());
    }

    private static Graph inference() {
        return Graph.of("y", network());
    }

    private static Graph update(Variable variable) {
        return new Graph(new LinkedHashMap<>(), new LinkedHashMap<>(Map.of(variable, variable.read().mul(-3))));
    }

    private static NdArray run(Executable executable, int images) {
        return executable.run(Map.of("images", random(IMAGES, images))).firstEntry().getValue();
    }

    /** What a backend computes that has never seen other weights. */
    private static NdArray expected(NdArray filters, NdArray weight, int images) {
        try (Backend backend = LifecycleTest.open(1);
                Buffer first = backend.buffer(filters);
                Buffer second = backend.buffer(weight);
                Executable executable = backend.compile(inference(), Map.of(FILTERS, first, WEIGHT, second))) {
            return run(executable, images);
        }
    }

    private static long calls(Profiler profiler, int executable, String kernel) {
        return profiler.profiles().get(executable).kernels().stream().filter(each -> each.name().equals(kernel))
                .mapToLong(Profile.Kernel::calls).sum();
    }

    @Test
    void weights_are_packed_again_when_they_change_and_only_then() {
        NdArray filters = random(FILTERS.type().shape(), 1);
        NdArray weight = random(WEIGHT.type().shape(), 2);
        try (Backend backend = LifecycleTest.open(2)) {
            Profiler profiler = backend.profiler().orElseThrow();
            try (Buffer first = backend.buffer(filters);
                    Buffer second = backend.buffer(weight);
                    Executable executable = backend.compile(inference(), Map.of(FILTERS, first, WEIGHT, second));
                    Executable update = backend.compile(update(FILTERS), Map.of(FILTERS, first))) {
                for (int images : List.of(3, 4, 5)) {
                    assertThat(run(executable, images)).isEqualTo(expected(filters, weight, images));
                }
                assertThat(calls(profiler, 0, "pack_weights")).isEqualTo(1);

                NdArray others = random(FILTERS.type().shape(), 6);
                first.write(others);
                for (int images : List.of(3, 4)) {
                    assertThat(run(executable, images)).isEqualTo(expected(others, weight, images));
                }
                assertThat(calls(profiler, 0, "pack_weights")).as("after a write").isEqualTo(2);

                update.run(Map.of());
                for (int images : List.of(3, 4)) {
                    assertThat(run(executable, images)).isEqualTo(expected(first.read(), weight, images));
                }
                assertThat(first.read()).isNotEqualTo(others);
                assertThat(calls(profiler, 0, "pack_weights")).as("after another program's update").isEqualTo(3);
                assertThat(calls(profiler, 0, "conv2d")).as("what depends on inputs").isGreaterThanOrEqualTo(7);
            }
        }
    }

    @Test
    void a_variable_made_of_others_is_written_in_each_run() {
        NdArray filters = random(FILTERS.type().shape(), 1);
        Variable copy = variable("copy", FILTERS.type().shape());
        for (Tensor value : List.of(FILTERS.read(), FILTERS.read().mul(2))) {
            var graph = new Graph(new LinkedHashMap<>(), new LinkedHashMap<>(Map.of(copy, value)));
            try (Backend backend = LifecycleTest.open(1);
                    Buffer from = backend.buffer(filters);
                    Buffer to = backend.buffer(random(FILTERS.type().shape(), 2));
                    Executable executable = backend.compile(graph, Map.of(FILTERS, from, copy, to))) {
                executable.run(Map.of());
                NdArray first = to.read();
                to.write(filters.equals(first) ? random(FILTERS.type().shape(), 3) : filters);
                executable.run(Map.of());
                assertThat(to.read()).isEqualTo(first);
            }
        }
    }

    @Test
    void weights_that_a_program_updates_itself_are_packed_in_each_run_and_others_once() {
        NdArray filters = random(FILTERS.type().shape(), 1);
        NdArray weight = random(WEIGHT.type().shape(), 2);
        var outputs = new LinkedHashMap<String, Tensor>(Map.of("y", network()));
        for (Variable updated : List.of(FILTERS, WEIGHT)) {
            try (Backend backend = LifecycleTest.open(2)) {
                Profiler profiler = backend.profiler().orElseThrow();
                var graph = new Graph(outputs, new LinkedHashMap<>(Map.of(updated, updated.read().mul(-3))));
                try (Buffer first = backend.buffer(filters);
                        Buffer second = backend.buffer(weight);
                        Executable executable = backend.compile(graph, Map.of(FILTERS, first, WEIGHT, second))) {
                    for (int images : List.of(3, 4, 5)) {
                        NdArray wanted = expected(first.read(), second.read(), images);
                        assertThat(run(executable, images)).isEqualTo(wanted);
                    }
                    assertThat(calls(profiler, 0, "pack_weights")).isEqualTo(updated.equals(FILTERS) ? 3 : 1);
                }
            }
        }
    }
}
