package dev.cambium.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.cambium.CambiumException;
import dev.cambium.backend.Backend;
import dev.cambium.backend.Buffer;
import dev.cambium.backend.Device;
import dev.cambium.part.PartType;
import dev.cambium.backend.Executable;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.LayerPath;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Variable;

/** Opening and closing, and what users of the backend may get wrong. */
@Tag("classpath")
class LifecycleTest {
    private static final TensorType SIX = new TensorType(DType.FLOAT32, Shape.of(6));
    private static final Variable VARIABLE = new Variable("layer.weight", SIX, Variable.Role.PARAMETER);
    private static final NdArray ONES = NdArray.of(Shape.of(6), 1, 1, 1, 1, 1, 1f);

    static Backend open(int threads) {
        return new CpuBackendProvider("cpu", threads, true).open();
    }

    private static NdArray only(Executable executable, Map<String, NdArray> inputs) {
        SequencedMap<String, NdArray> outputs = executable.run(inputs);
        assertThat(outputs).hasSize(1);
        return outputs.firstEntry().getValue();
    }

    private static Graph doubled() {
        return Graph.of("doubled", Tensor.input("x", SIX).mul(2));
    }

    // ---- the provider

    @Test
    void the_provider_says_what_it_is() {
        var provider = new CpuBackendProvider("auto", 0, true);
        assertThat(PartType.of(CpuBackendProvider.class).create()).isEqualTo(provider);
        assertThat(provider.priority()).isZero();
        assertThat(provider.primitives()).isEqualTo(1);
        assertThat(provider.unavailability()).isEmpty();
        assertThat(provider.devices()).singleElement().satisfies(device -> {
            assertThat(device.id()).isEqualTo("cpu");
            assertThat(device.kind()).isEqualTo(Device.Kind.CPU);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "cpu", "cpu:0"})
    void its_device_has_these_names(String device) {
        try (Backend backend = new CpuBackendProvider(device, 1, true).open()) {
            assertThat(backend.name()).isEqualTo("cpu");
            assertThat(backend.device().id()).isEqualTo("cpu");
            assertThat(backend.device().description()).startsWith("1 thread");
        }
    }

    @Test
    void another_device_is_refused_by_name() {
        assertThatThrownBy(() -> new CpuBackendProvider("gpu:1", 0, true).open())
                .isInstanceOf(CambiumException.class)
                .hasMessage("backend 'cpu' has no device 'gpu:1'; its only device is cpu");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 16, 64})
    void any_number_of_threads_computes_the_same(int threads) {
        try (Backend backend = open(threads); Executable executable = backend.compile(doubled(), Map.of())) {
            assertThat(only(executable, Map.of("x", ONES)).toFloatArray()).containsOnly(2);
        }
    }

    // ---- closing

    @Test
    void closing_a_backend_ends_its_threads() throws InterruptedException {
        Set<Thread> before = WorkersTest.threads();
        Backend backend = open(4);
        Set<Thread> started = WorkersTest.threads();
        started.removeAll(before);
        assertThat(started).hasSize(3).allMatch(Thread::isDaemon);
        backend.close();
        backend.close();
        WorkersTest.await(started);
    }

    @Test
    void a_backend_says_how_much_of_it_is_still_open() {
        Backend backend = open(2);
        Buffer buffer = backend.buffer(ONES);
        Executable executable = backend.compile(doubled(), Map.of());
        assertThatIllegalStateException().isThrownBy(backend::close).withMessage(
                "2 buffers or executables of the backend are still open; close them first");
        buffer.close();
        executable.close();
        assertThat(executable).hasToString("a closed executable");
        backend.close();
    }

    // ---- wrong use

    @Test
    void a_missing_input_is_named() {
        try (Backend backend = open(1); Executable executable = backend.compile(doubled(), Map.of())) {
            assertThatIllegalArgumentException().isThrownBy(() -> executable.run(Map.of("y", ONES)))
                    .withMessage("input x is missing");
        }
    }

    @Test
    void an_input_of_another_type_is_named_with_both_types() {
        try (Backend backend = open(1); Executable executable = backend.compile(doubled(), Map.of())) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> executable.run(Map.of("x", NdArray.of(Shape.of(2, 3), 1, 2, 3, 4, 5, 6f))))
                    .withMessage("input x is float32[2, 3], but the graph takes float32[6]");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> executable.run(Map.of("x", NdArray.of(Shape.of(6), 1, 2, 3, 4, 5, 6))))
                    .withMessage("input x is int32[6], but the graph takes float32[6]");
            assertThat(only(executable, Map.of("x", ONES, "unused", ONES)).toFloatArray()).containsOnly(2);
        }
    }

    @Test
    void a_variable_needs_a_buffer_of_this_backend_and_of_its_type() {
        var graph = Graph.of("value", VARIABLE.read());
        try (Backend backend = open(1);
                Backend other = open(1);
                Buffer foreign = other.buffer(ONES);
                Buffer wrong = backend.buffer(NdArray.zeros(new TensorType(DType.FLOAT32, Shape.of(7))))) {
            assertThatIllegalArgumentException().isThrownBy(() -> backend.compile(graph, Map.of()))
                    .withMessage("variable layer.weight has no buffer of this backend");
            assertThatIllegalArgumentException().isThrownBy(() -> backend.compile(graph, Map.of(VARIABLE, foreign)))
                    .withMessage("variable layer.weight has no buffer of this backend");
            assertThatIllegalArgumentException().isThrownBy(() -> backend.compile(graph, Map.of(VARIABLE, wrong)))
                    .withMessage("variable layer.weight is float32[6], but its buffer holds float32[7]");
            assertThatIllegalArgumentException().isThrownBy(() -> wrong.write(ONES))
                    .withMessage("the buffer holds float32[7], not float32[6]");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 6, Long.MIN_VALUE})
    void an_index_outside_its_table_is_named_and_the_backend_goes_on(long index) {
        Tensor indices = Tensor.input("indices", new TensorType(DType.INT64, Shape.of(2)));
        Tensor table = Tensor.input("x", SIX);
        try (Backend backend = open(2)) {
            for (Tensor found : LayerPath.within("net/embed", () -> List.of(table.gather(indices),
                    table.scatterAdd(indices, Tensor.zeros(new TensorType(DType.FLOAT32, Shape.of(2))))))) {
                try (Executable executable = backend.compile(Graph.of("found", found), Map.of())) {
                    assertThatThrownBy(() -> executable
                            .run(Map.of("x", ONES, "indices", NdArray.of(Shape.of(2), 0, index))))
                                    .isInstanceOf(CambiumException.class)
                                    .hasMessageContaining(
                                            "index " + index + " at place 1 is outside a table of 6 rows");
                    assertThat(
                            only(executable, Map.of("x", ONES, "indices", NdArray.of(Shape.of(2), 0L, 5L)))
                                    .toFloatArray()).containsOnly(1);
                }
            }
        }
    }

    @Test
    void an_integer_divided_by_zero_is_an_error_and_the_backend_goes_on() {
        Tensor a = Tensor.input("a", new TensorType(DType.INT32, Shape.of(40_000)));
        Tensor b = Tensor.input("b", a.type());
        NdArray zeros = NdArray.zeros(a.type());
        NdArray threes = threes(a.type());
        Tensor quotient = LayerPath.within("net/ratio", () -> a.div(b));
        try (Backend backend = open(3);
                Executable executable = backend.compile(Graph.of("quotient", quotient.add(1).sub(1)), Map.of())) {
            assertThatThrownBy(() -> executable.run(Map.of("a", threes, "b", zeros)))
                    .isInstanceOf(CambiumException.class).hasMessageMatching("net/ratio: .* int32 is zero.*");
            assertThat(only(executable, Map.of("a", threes, "b", threes)).toLongArray()).containsOnly(1);
        }
    }

    private static NdArray threes(TensorType type) {
        int[] values = new int[Math.toIntExact(type.shape().size())];
        Arrays.fill(values, 3);
        return NdArray.of(type.shape(), values);
    }

    // ---- too large

    @Test
    void a_value_of_more_than_2_to_the_31_elements_is_refused() {
        Tensor x = Tensor.input("x", new TensorType(DType.UINT8, Shape.of(70_000, 1)));
        Tensor large = LayerPath.within("net/outer", () -> x.add(x.transpose()));
        try (Backend backend = open(1)) {
            for (Tensor tensor : List.of(large, large.sum(), large.slice(0, 0, 1))) {
                assertThatThrownBy(() -> backend.compile(Graph.of("y", tensor), Map.of()))
                        .isInstanceOf(CambiumException.class)
                        .hasMessage("net/outer: uint8[70000, 70000] has 4900000000 elements; the CPU backend holds at "
                                + "most 2³¹ of one value; use a smaller batch");
            }
        }
    }

    @Test
    void values_of_more_than_2_to_the_31_elements_at_once_are_refused() {
        Tensor x = Tensor.input("x", new TensorType(DType.FLOAT32, Shape.of(30_000, 30_000)));
        try (Backend backend = open(1)) {
            assertThatThrownBy(() -> backend.compile(Graph.of("y", x.matmul(x).matmul(x.add(1))), Map.of()))
                    .isInstanceOf(CambiumException.class)
                    .hasMessage("the graph needs more than 2³¹ elements of memory at once; use a smaller batch");
        }
    }

    @Test
    void too_small_a_heap_is_an_error_that_says_how_to_get_more() {
        int size = Math.toIntExact(Math.min(2_000_000_000, Runtime.getRuntime().maxMemory() / 8));
        Tensor x = Tensor.input("x", new TensorType(DType.FLOAT64, Shape.of(size)));
        try (Backend backend = open(1)) {
            assertThatThrownBy(() -> backend.compile(Graph.of("y", x.reverse(0)), Map.of()))
                    .isInstanceOf(CambiumException.class).hasMessageContaining("no room for the compiled graph")
                    .hasMessageContaining("-Xmx");
            try (Executable executable = backend.compile(doubled(), Map.of())) {
                assertThat(executable.run(Map.of("x", ONES))).hasSize(1);
            }
        }
    }
}
