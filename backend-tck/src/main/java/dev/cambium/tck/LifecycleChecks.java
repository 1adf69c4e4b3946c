package dev.cambium.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import dev.cambium.CambiumException;
import dev.cambium.backend.Backend;
import dev.cambium.backend.BackendOptions;
import dev.cambium.backend.BackendProvider;
import dev.cambium.backend.Buffer;
import dev.cambium.backend.Device;
import dev.cambium.backend.Executable;
import dev.cambium.backend.Profiler;
import dev.cambium.part.Part;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Op;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Variable;

/** What a provider says, what closes and when, and how what users get wrong is refused. */
abstract class LifecycleChecks {
    private static final TensorType SIX = new TensorType(DType.FLOAT32, Shape.of(6));
    private static final Variable VARIABLE = new Variable("layer.weight", SIX, Variable.Role.PARAMETER);
    private static final NdArray ONES = NdArray.of(Shape.of(6), 1, 1, 1, 1, 1, 1f);
    private static final Graph DOUBLED = Graph.of("doubled", Tensor.input("x", SIX).mul(2));
    private static final Graph DOUBLED_VARIABLE = Graph.of("doubled", VARIABLE.read().mul(2));

    private final Function<BackendOptions, BackendProvider> providers;
    private final BackendProvider provider;
    @AutoClose
    private final Backend backend;

    LifecycleChecks(Function<BackendOptions, BackendProvider> providers, Backend backend) {
        this.providers = providers;
        this.provider = providers.apply(BackendOptions.defaults());
        this.backend = backend;
    }

    private Backend another() {
        return open("auto");
    }

    private Backend open(String device) {
        return providers.apply(new BackendOptions(device, 1)).open();
    }

    private static void doubles(Executable executable) {
        assertThat(executable.run(Map.of("x", ONES)).firstEntry().getValue().toFloatArray()).containsOnly(2);
    }

    // ---- the provider

    @Test
    void the_provider_says_what_it_is_and_that_it_is_usable() {
        Part part = provider.getClass().getAnnotation(Part.class);
        assertThat(part).as("the annotation @Part of %s", provider.getClass().getName()).isNotNull();
        assertThat(part.name()).matches("[a-z][a-z0-9-]*");
        assertThat(part.description()).isNotBlank();
        assertThat(provider.primitives()).as("the Op.VERSION that it was built for").isEqualTo(Op.VERSION);
        assertThat(provider.unavailability()).isEqualTo(Optional.empty());
        assertThat(backend.name()).isEqualTo(part.name());
    }

    @Test
    void each_device_opens_by_its_id() {
        assertThat(provider.devices()).isNotEmpty();
        for (Device device : provider.devices()) {
            try (Backend opened = open(device.id());
                    Executable executable = opened.compile(DOUBLED, Map.of())) {
                assertThat(opened.device().id()).isEqualTo(device.id());
                doubles(executable);
            }
        }
    }

    @Test
    void a_device_that_is_not_there_is_refused_by_name() {
        assertThatThrownBy(() -> open("gpu:1000")).isInstanceOf(CambiumException.class)
                .hasMessageContaining("gpu:1000");
    }

    @Test
    void what_is_measured_computes_the_same_and_is_told_of_each_executable() {
        try (Backend other = another()) {
            Optional<Profiler> profiler = other.profiler();
            try (Executable executable = other.compile(DOUBLED, Map.of())) {
                doubles(executable);
                doubles(executable);
            }
            profiler.ifPresent(measuring -> assertThat(measuring.profiles()).singleElement().satisfies(profile -> {
                assertThat(profile.graph()).isEqualTo(DOUBLED);
                assertThat(profile.runs()).isEqualTo(2);
                assertThat(profile.lanes()).isPositive();
                assertThat(profile.events()).allSatisfy(event -> {
                    assertThat(event.kernel()).isBetween(0, profile.kernels().size() - 1);
                    assertThat(event.lane()).isBetween(0, profile.lanes() - 1);
                    assertThat(event.run()).isBetween(1L, 2L);
                    assertThat(event.nanos()).isNotNegative();
                });
            }));
        }
    }

    // ---- closing

    @Test
    void a_backend_with_an_open_buffer_does_not_close() {
        Backend other = another();
        Buffer buffer = other.buffer(ONES);
        assertThatIllegalStateException().as("closing a backend while a buffer is open").isThrownBy(other::close);
        assertThat(buffer.read()).as("a buffer of a backend that did not close").isEqualTo(ONES);
        buffer.close();
        other.close();
    }

    @Test
    void a_backend_with_an_open_executable_does_not_close() {
        Backend other = another();
        Executable executable = other.compile(DOUBLED, Map.of());
        assertThatIllegalStateException().as("closing a backend while an executable is open").isThrownBy(other::close);
        doubles(executable);
        executable.close();
        other.close();
    }

    @Test
    void closing_twice_does_nothing() {
        Backend other = another();
        Buffer buffer = other.buffer(ONES);
        Buffer rest = other.buffer(ONES);
        Executable executable = other.compile(DOUBLED, Map.of());
        for (int i = 0; i < 3; i++) {
            executable.close();
            buffer.close();
        }
        assertThatIllegalStateException().as("closing a backend while one of two buffers is open")
                .isThrownBy(other::close);
        rest.close();
        other.close();
        other.close();
        buffer.close();
        executable.close();
    }

    @Test
    void a_closed_backend_makes_nothing() {
        Backend other = another();
        other.close();
        assertThatIllegalStateException().isThrownBy(() -> other.buffer(ONES));
        assertThatIllegalStateException().isThrownBy(() -> other.compile(DOUBLED, Map.of()));
    }

    @Test
    void a_closed_executable_does_not_run() {
        Executable executable = backend.compile(DOUBLED, Map.of());
        doubles(executable);
        executable.close();
        assertThatIllegalStateException().isThrownBy(() -> executable.run(Map.of("x", ONES)));
    }

    @Test
    void a_closed_buffer_is_neither_read_nor_written_nor_compiled_nor_run_over() {
        Buffer buffer = backend.buffer(ONES);
        try (Executable executable = backend.compile(DOUBLED_VARIABLE, Map.of(VARIABLE, buffer))) {
            executable.run(Map.of());
            buffer.close();
            assertThat(buffer.type()).isEqualTo(SIX);
            assertThatIllegalStateException().as("reading").isThrownBy(buffer::read);
            assertThatIllegalStateException().as("writing").isThrownBy(() -> buffer.write(ONES));
            assertThatIllegalStateException().as("compiling")
                    .isThrownBy(() -> backend.compile(DOUBLED_VARIABLE, Map.of(VARIABLE, buffer)));
            assertThatIllegalStateException().as("running").isThrownBy(() -> executable.run(Map.of()));
        }
    }

    // ---- wrong use

    @Test
    void a_missing_input_is_named_and_the_executable_goes_on() {
        try (Executable executable = backend.compile(DOUBLED, Map.of())) {
            assertThatIllegalArgumentException().isThrownBy(() -> executable.run(Map.of("y", ONES)))
                    .withMessageContaining("input x");
            doubles(executable);
        }
    }

    @Test
    void an_input_of_another_type_is_named_with_both_types_and_others_are_passed_over() {
        try (Executable executable = backend.compile(DOUBLED, Map.of())) {
            for (NdArray wrong : new NdArray[] {NdArray.of(Shape.of(2, 3), 1, 2, 3, 4, 5, 6f),
                    NdArray.of(Shape.of(6), 1, 2, 3, 4, 5, 6)}) {
                assertThatIllegalArgumentException().isThrownBy(() -> executable.run(Map.of("x", wrong)))
                        .withMessageContainingAll("input x", wrong.type().toString(), SIX.toString());
            }
            assertThat(executable.run(Map.of("x", ONES, "unused", ONES))).containsOnlyKeys("doubled");
        }
    }

    @Test
    void a_variable_needs_a_buffer_of_this_backend_and_of_its_type() {
        var seven = new TensorType(DType.FLOAT32, Shape.of(7));
        try (Backend other = another();
                Buffer foreign = other.buffer(ONES);
                Buffer wrong = backend.buffer(NdArray.zeros(seven))) {
            assertThatIllegalArgumentException().as("no buffer")
                    .isThrownBy(() -> backend.compile(DOUBLED_VARIABLE, Map.of()))
                    .withMessageContaining(VARIABLE.name());
            assertThatIllegalArgumentException().as("a buffer of another backend")
                    .isThrownBy(() -> backend.compile(DOUBLED_VARIABLE, Map.of(VARIABLE, foreign)))
                    .withMessageContaining(VARIABLE.name());
            assertThatIllegalArgumentException().as("a buffer of another type")
                    .isThrownBy(() -> backend.compile(DOUBLED_VARIABLE, Map.of(VARIABLE, wrong)))
                    .withMessageContainingAll(VARIABLE.name(), SIX.toString(), seven.toString());
            assertThatIllegalArgumentException().as("a value of another type").isThrownBy(() -> wrong.write(ONES))
                    .withMessageContainingAll(SIX.toString(), seven.toString());
        }
    }
}
