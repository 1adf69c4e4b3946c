package dev.cambium.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.IntUnaryOperator;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.cambium.CambiumException;
import dev.cambium.backend.Backend;
import dev.cambium.backend.Executable;
import dev.cambium.backend.Profile;
import dev.cambium.backend.Profiler;
import dev.cambium.tck.Outcome;
import dev.cambium.tck.TrainingStep;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Gradients;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.LayerPath;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Window2d;

/** What the backend measures of its executables, and that measuring changes nothing. */
class ProfileTest {
    private static final int BATCH = 20;

    static List<TrainingStep> networks() {
        return TrainingStep.all();
    }

    private static Tensor input(String name, int... dims) {
        return Tensor.input(name, new TensorType(DType.FLOAT32, Shape.of(dims)));
    }

    /** Twenty images of 30 × 30 through four filters of 3 × 3, a ReLU, a pooling and a product: [20, 784] · [784, 8]. */
    private static Graph network() {
        Tensor images = input("images", BATCH, 1, 30, 30);
        Tensor pooled = LayerPath.within("net/conv",
                () -> images.conv2d(input("filters", 4, 1, 3, 3), Window2d.square(3, 1), 1).tanh().maxPool2d(2));
        return Graph.of("y", LayerPath.within("net/fc", () -> pooled.flatten(1).matmul(input("weight", 784, 8))));
    }

    private static Map<String, NdArray> values(Graph graph) {
        var values = new LinkedHashMap<String, NdArray>();
        graph.inputs().forEach((name, type) -> values.put(name, array(type.shape(), i -> i % 7 - 3)));
        return values;
    }

    private static NdArray array(Shape shape, IntUnaryOperator element) {
        float[] elements = new float[(int) shape.size()];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = element.applyAsInt(i);
        }
        return NdArray.of(shape, elements);
    }

    private static Profile profile(Graph graph, Map<String, NdArray> inputs, int threads, int runs) {
        try (Backend backend = LifecycleTest.open(threads)) {
            Profiler profiler = backend.profiler().orElseThrow();
            try (Executable executable = backend.compile(graph, Map.of())) {
                for (int i = 0; i < runs; i++) {
                    executable.run(inputs);
                }
            }
            assertThat(profiler.profiles()).hasSize(1);
            return profiler.profiles().getFirst();
        }
    }

    private static Profile.Kernel kernel(Profile profile, String name) {
        return profile.kernels().stream().filter(kernel -> kernel.name().equals(name)).findFirst().orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void every_step_is_there_with_its_layer_calls_and_work(int threads) {
        Graph graph = network();
        Profile profile = profile(graph, values(graph), threads, 3);
        assertThat(profile.graph()).isSameAs(graph);
        assertThat(profile.runs()).isEqualTo(3);
        assertThat(profile.lanes()).isEqualTo(threads);
        assertThat(profile.kernels()).extracting(Profile.Kernel::name).containsExactly("pack_weights", "conv2d",
                "elementwise", "pool_max", "copy", "matmul");
        assertThat(profile.kernels()).extracting(Profile.Kernel::paths).containsExactly(List.of("net/conv"),
                List.of("net/conv"), List.of("net/conv"), List.of("net/conv"), List.of("net/fc"), List.of("net/fc"));
        assertThat(kernel(profile, "pack_weights").calls()).isEqualTo(3);
        // A chain goes through 16 parts of the batch, of 1 or 2 samples; a block has 4,096 / (4 · 28 · 28), which is 1.
        assertThat(profile.kernels().subList(1, 5)).extracting(Profile.Kernel::calls).containsOnly(3L * BATCH);
        assertThat(kernel(profile, "conv2d").multiplyAdds()).isEqualTo(3L * BATCH * 4 * 28 * 28 * 9);
        assertThat(kernel(profile, "matmul").multiplyAdds()).isEqualTo(3L * BATCH * 784 * 8);
        assertThat(kernel(profile, "elementwise").multiplyAdds()).isZero();
        assertThat(kernel(profile, "pool_max").bytes()).isEqualTo(3L * BATCH * 4 * (28 * 28 + 14 * 14) * 4);
        assertThat(kernel(profile, "matmul").bytes()).isEqualTo(3L * (BATCH * 784 + 784 * 8 + BATCH * 8) * 4);
        assertThat(profile.kernels()).allSatisfy(kernel -> {
            assertThat(kernel.nanos()).isPositive();
            assertThat(kernel.description()).startsWith(kernel.name());
            assertThat(kernel.density()).isEmpty();
        });
    }

    @Test
    void idle_time_is_what_lanes_spend_in_no_kernel() {
        var kernel = new Profile.Kernel("k", List.of(), "k", 1, 70, 0, 0, OptionalDouble.empty());
        assertThat(new Profile(network(), 1, 50, 2, List.of(kernel), List.of()).idleNanos()).isEqualTo(30);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void events_are_those_of_the_latest_whole_runs_and_never_overlap(int threads) {
        Graph graph = network();
        Profile profile = profile(graph, values(graph), threads, 40);
        long callsOfARun = profile.kernels().stream().mapToLong(Profile.Kernel::calls).sum() / 40;
        Map<Long, Long> perRun = new LinkedHashMap<>();
        profile.events().forEach(event -> perRun.merge(event.run(), 1L, Long::sum));
        assertThat(perRun).containsKey(40L).hasSizeBetween(10, 40).doesNotContainKey(threads == 1 ? 30L : 0L);
        assertThat(perRun.values()).containsOnly(callsOfARun);
        for (int lane = 0; lane < threads; lane++) {
            int which = lane;
            long end = Long.MIN_VALUE;
            for (Profile.Event event : profile.events().stream().filter(each -> each.lane() == which).toList()) {
                assertThat(event.start()).isGreaterThanOrEqualTo(end);
                end = event.start() + event.nanos();
            }
        }
    }

    @Test
    void density_is_the_share_of_elements_that_a_product_visits() {
        Tensor x = input("x", 32, 512);
        Graph graph = Graph.of("y", x.relu().matmul(input("w", 512, 512)));
        Profile profile = profile(graph, Map.of("x", array(x.shape(), i -> i % 4 == 0 ? 1 : -1), "w",
                array(Shape.of(512, 512), i -> 1)), 2, 2);
        assertThat(kernel(profile, "sparse_matmul").density()).hasValueCloseTo(0.25, within(1e-12));
        assertThat(kernel(profile, "sparse_matmul").multiplyAdds()).isEqualTo(2L * 32 * 512 * 512);
        assertThat(kernel(profile, "list_rows").density()).isEmpty();
    }

    @Test
    void density_of_a_convolution_counts_samples_without_lists_as_full() {
        Tensor images = input("images", 2, 16, 8, 8);
        Tensor filters = input("filters", 8, 16, 3, 3);
        Tensor y = images.conv2d(filters, Window2d.square(3, 1).padded(1), 1).maxPool2d(2);
        Tensor loss = y.mul(input("mask", 2, 8, 4, 4)).sum();
        Graph graph = Graph.of("gradient", Gradients.of(loss, List.of(filters)).getFirst());
        Map<String, NdArray> inputs = values(graph);
        // Of what is spread over four times as many places an eighth in one sample, all in the other.
        inputs.put("mask", array(Shape.of(2, 8, 4, 4), i -> i >= 8 * 16 || i % 8 == 0 ? 1 : 0));
        assertThat(kernel(profile(graph, inputs, 1, 1), "sparse_conv2d_weight_gradient").density())
                .hasValueCloseTo((0.125 / 4 + 1) / 2, within(1e-12));
    }

    @ParameterizedTest
    @MethodSource("networks")
    void measuring_changes_no_bit(TrainingStep network) {
        try (Backend plain = LifecycleTest.open(2); Backend measured = LifecycleTest.open(2)) {
            Profiler profiler = measured.profiler().orElseThrow();
            List<Outcome> outcomes = network.run(measured, 4);
            assertThat(outcomes).isEqualTo(network.run(plain, 4));
            assertThat(profiler.profiles()).singleElement().satisfies(profile -> {
                assertThat(profile.runs()).isEqualTo(4);
                assertThat(profile.nanos()).isPositive();
                assertThat(profile.kernels()).allMatch(kernel -> kernel.calls() > 0);
            });
        }
    }

    @Test
    void only_what_is_compiled_after_the_first_call_is_measured() {
        Graph graph = network();
        try (Backend backend = LifecycleTest.open(2); Executable before = backend.compile(graph, Map.of())) {
            Profiler profiler = backend.profiler().orElseThrow();
            before.run(values(graph));
            assertThat(profiler.profiles()).isEmpty();
            try (Executable after = backend.compile(graph, Map.of())) {
                assertThat(after).hasToString(before.toString());
                assertThat(backend.profiler().orElseThrow().profiles()).hasSize(1);
            }
        }
    }

    @Test
    void a_run_that_fails_counts_with_what_it_did() {
        Tensor quotient = Tensor.input("a", new TensorType(DType.INT64, Shape.of(2)))
                .div(Tensor.input("b", new TensorType(DType.INT64, Shape.of(2))));
        try (Backend backend = LifecycleTest.open(1)) {
            Profiler profiler = backend.profiler().orElseThrow();
            try (Executable executable = backend.compile(Graph.of("q", quotient), Map.of())) {
                NdArray ones = NdArray.of(Shape.of(2), 1L, 1L);
                assertThatThrownBy(() -> executable.run(Map.of("a", ones, "b", NdArray.of(Shape.of(2), 1L, 0L))))
                        .isInstanceOf(CambiumException.class);
                executable.run(Map.of("a", ones, "b", ones));
            }
            Profile profile = profiler.profiles().getFirst();
            assertThat(profile.runs()).isEqualTo(2);
            assertThat(profile.kernels()).singleElement().extracting(Profile.Kernel::calls).isEqualTo(1L);
        }
    }

    @Test
    void a_closed_backend_measures_nothing() {
        Backend backend = LifecycleTest.open(1);
        backend.close();
        assertThatIllegalStateException().isThrownBy(backend::profiler);
    }
}
