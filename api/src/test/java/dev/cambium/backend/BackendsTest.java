package dev.cambium.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.function.Supplier;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cambium.CambiumException;
import dev.cambium.ForeignClasses;
import dev.cambium.reference.ReferenceBackend;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Op;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;

@Tag("classpath")
class BackendsTest {
    /** A provider made of what its methods do. */
    record Scripted(Supplier<String> named, Supplier<Integer> ranked, int primitives,
            Supplier<Optional<String>> missing)
            implements
            BackendProvider {
        @Override
        public String name() {
            return named.get();
        }

        @Override
        public String description() {
            return "scripted";
        }

        @Override
        public int priority() {
            return ranked.get();
        }

        @Override
        public Optional<String> unavailability() {
            return missing.get();
        }

        @Override
        public List<Device> devices() {
            return List.of();
        }

        @Override
        public Backend open(BackendOptions options) {
            return ReferenceBackend.rounded();
        }
    }

    private static <T> Supplier<T> failing(String message) {
        return () -> {
            throw new IllegalStateException(message);
        };
    }

    private static BackendProvider usable(String name, int priority) {
        return new Scripted(() -> name, () -> priority, Op.VERSION, Optional::empty);
    }

    private static BackendProvider unusable(String name, int priority, String reason) {
        return new Scripted(() -> name, () -> priority, Op.VERSION, () -> Optional.of(reason));
    }

    private static List<Backends.Candidate> candidates(BackendProvider... providers) {
        return Backends.candidates(List.of(providers));
    }

    private static BackendProvider choose(List<Backends.Candidate> candidates, String name) {
        return Backends.choose(candidates, Optional.of(name));
    }

    @Test
    void usable_backends_come_first_by_falling_priority() {
        List<Backends.Candidate> candidates = candidates(usable("slow", -5), unusable("broken", 100, "no driver"),
                usable("fast", 10), usable("plain", 0));
        assertThat(candidates).extracting(Backends.Candidate::name).containsExactly("fast", "plain", "slow", "broken");
        assertThat(Backends.choose(candidates, Optional.empty()).name()).isEqualTo("fast");
    }

    @Test
    void a_backend_is_chosen_by_name_whatever_its_priority() {
        assertThat(choose(candidates(usable("fast", 10), usable("plain", 0)), "plain").name()).isEqualTo("plain");
    }

    @Test
    void an_unknown_name_is_answered_with_a_suggestion_and_a_list() {
        assertThatThrownBy(
                () -> choose(candidates(usable("cpu", 0), unusable("tensorflow", 10, "no library")), "tensorflwo"))
                        .isInstanceOf(CambiumException.class)
                        .hasMessage(
                                "unknown backend 'tensorflwo' (did you mean 'tensorflow'?); there are: cpu, tensorflow");
    }

    @Test
    void an_unusable_backend_is_refused_with_its_reason() {
        assertThatThrownBy(() -> choose(candidates(usable("cpu", 0), unusable("gpu", 10, "install a driver")), "gpu"))
                .isInstanceOf(CambiumException.class)
                .hasMessage("backend 'gpu' can't be used here: install a driver");
    }

    @Test
    void where_no_backend_is_usable_every_reason_is_given() {
        assertThatThrownBy(
                () -> Backends.choose(candidates(unusable("a", 0, "no driver"), unusable("b", 10, "no library")),
                        Optional.empty())).isInstanceOf(CambiumException.class)
                                .hasMessage("no backend can be used here:\n  b: no library\n  a: no driver");
    }

    @Test
    void where_there_is_no_backend_one_is_asked_for() {
        assertThatThrownBy(() -> Backends.choose(List.of(), Optional.of("cpu"))).isInstanceOf(CambiumException.class)
                .hasMessage("no backend on the class path or module path; add one, such as cambium-backend-cpu");
    }

    @Test
    void a_backend_for_older_primitives_is_refused() {
        var old = new Scripted(() -> "old", () -> 0, Op.VERSION - 1, failing("never asked"));
        assertThat(candidates(old).get(0).problem()).contains(
                "it knows primitives %d, this platform has %d".formatted(Op.VERSION - 1, Op.VERSION));
    }

    @Test
    void of_two_backends_of_one_name_the_second_is_refused() {
        BackendProvider first = usable("cpu", 0);
        List<Backends.Candidate> candidates = candidates(first, usable("cpu", 50));
        assertThat(choose(candidates, "cpu")).isSameAs(first);
        assertThat(Backends.choose(candidates, Optional.empty())).isSameAs(first);
        assertThat(candidates.get(1).problem()).contains("another backend has the same name");
    }

    @Test
    @SuppressWarnings("NullAway") // a stranger's provider may return anything
    void whatever_a_provider_throws_or_returns_takes_nobody_else_down() {
        List<BackendProvider> broken = List.of(
                new Scripted(failing("no name"), () -> 0, Op.VERSION, Optional::empty),
                new Scripted(() -> "b", failing("no priority"), Op.VERSION, Optional::empty),
                new Scripted(() -> "c", () -> 0, Op.VERSION, () -> {
                    throw new UnsatisfiedLinkError("libc.so.7 is missing");
                }),
                new Scripted(() -> "d", () -> 0, Op.VERSION, () -> {
                    throw new IllegalStateException("outer", new IOException("inner"));
                }),
                new Scripted(() -> null, () -> 0, Op.VERSION, Optional::empty),
                new Scripted(() -> "f", () -> 0, Op.VERSION, () -> null));
        for (BackendProvider each : broken) {
            List<Backends.Candidate> candidates = candidates(each, usable("cpu", 0));
            assertThat(Backends.choose(candidates, Optional.empty()).name()).isEqualTo("cpu");
            assertThat(candidates.get(1).name()).isEqualTo(Scripted.class.getName());
            assertThat(candidates.get(1).problem().orElseThrow()).startsWith("its provider failed: ");
        }
        assertThat(candidates(broken.get(2)).get(0).problem().orElseThrow()).endsWith("libc.so.7 is missing");
        assertThat(candidates(broken.get(3)).get(0).problem().orElseThrow()).endsWith("java.io.IOException: inner");
    }

    @Test
    void a_provider_that_cannot_be_loaded_is_listed() {
        Iterable<BackendProvider> providers = () -> new Iterator<>() {
            private final Iterator<Integer> steps = Arrays.asList(0, 1).iterator();

            @Override
            public boolean hasNext() {
                return steps.hasNext();
            }

            @Override
            public BackendProvider next() {
                if (steps.next() == 0) {
                    throw new ServiceConfigurationError("bad provider",
                            new IllegalStateException("broken constructor"));
                }
                return usable("cpu", 0);
            }
        };
        List<Backends.Candidate> candidates = Backends.candidates(providers);
        assertThat(candidates).extracting(Backends.Candidate::name).containsExactly("cpu", "?");
        assertThat(candidates.get(1).problem()).contains(
                "its provider can't be loaded: java.lang.IllegalStateException: broken constructor");
        assertThatThrownBy(() -> choose(candidates, "?")).isInstanceOf(CambiumException.class);
    }

    // ---- discovery

    /** A stranger's backend, preferred to every other. */
    public static class Stranger implements BackendProvider {
        @Override
        public String name() {
            return "stranger";
        }

        @Override
        public String description() {
            return "from elsewhere";
        }

        @Override
        public int priority() {
            return 1000;
        }

        @Override
        public int primitives() {
            return Op.VERSION;
        }

        @Override
        public Optional<String> unavailability() {
            return Optional.empty();
        }

        @Override
        public List<Device> devices() {
            return List.of();
        }

        @Override
        public Backend open(BackendOptions options) {
            return ReferenceBackend.exact();
        }
    }

    /** A backend whose native library is missing. */
    public static class Unlinked extends Stranger {
        @Override
        public String name() {
            return "unlinked";
        }

        @Override
        public Backend open(BackendOptions options) {
            throw new UnsatisfiedLinkError("libgpu.so is missing");
        }
    }

    /** A backend that can't be made. */
    public static class Broken extends Stranger {
        public Broken() {
            throw new UnsupportedOperationException("no license");
        }
    }

    @Test
    void backends_are_discovered_and_broken_ones_reported(@TempDir Path folder) throws IOException {
        List<Backends.Candidate> candidates = ForeignClasses.with(folder, BackendProvider.class,
                List.of(Broken.class, Stranger.class), Backends::discover);
        assertThat(candidates.get(0).name()).isEqualTo("stranger");
        assertThat(candidates).filteredOn(candidate -> candidate.name().equals("?"))
                .extracting(Backends.Candidate::problem)
                .containsExactly(Optional.of(
                        "its provider can't be loaded: java.lang.UnsupportedOperationException: no license"),
                        Optional.of("its provider can't be loaded: java.util.ServiceConfigurationError: "
                                + "dev.cambium.backend.BackendProvider: Provider stranger.Missing not found"));
    }

    @Test
    void the_preferred_backend_is_opened(@TempDir Path folder) throws IOException {
        Backend backend = ForeignClasses.with(folder, BackendProvider.class, List.of(Stranger.class), Backends::open);
        assertThat(backend.name()).isEqualTo("reference");
    }

    @Test
    void a_backend_whose_library_does_not_load_is_refused_with_the_reason(@TempDir Path folder) throws IOException {
        ForeignClasses.with(folder, BackendProvider.class, List.of(Unlinked.class), () -> assertThatThrownBy(
                () -> Backends.open(Optional.of("unlinked"), BackendOptions.defaults()))
                        .isInstanceOf(CambiumException.class)
                        .hasMessage(
                                "backend 'unlinked' can't be opened: java.lang.UnsatisfiedLinkError: libgpu.so is missing"));
    }

    // ---- evaluation at a prompt

    @Test
    void a_tensor_is_computed_on_the_default_backend_where_there_is_one() {
        Tensor sum = Tensor.full(new TensorType(DType.FLOAT32, Shape.of(2)), 3).sum();
        if (BackendsTest.class.getModule().isNamed()) {
            for (int attempt = 0; attempt < 2; attempt++) {
                assertThatThrownBy(sum::value).isInstanceOf(CambiumException.class)
                        .hasMessageStartingWith("no backend on the class path or module path");
            }
        } else {
            assertThat(sum.value().item()).isEqualTo(6);
        }
    }

    @Test
    void a_tensor_over_inputs_has_no_value_of_its_own() {
        Tensor x = Tensor.input("x", new TensorType(DType.FLOAT32, Shape.of(2)));
        assertThatIllegalStateException().isThrownBy(() -> x.exp().value()).withMessage(
                "exp float32[2] has no value of its own: it depends on the inputs [x] and the variables []");
    }

    @Test
    void options_have_sane_numbers_of_threads() {
        assertThat(BackendOptions.defaults()).isEqualTo(new BackendOptions("auto", 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new BackendOptions("cpu", -1))
                .withMessage("threads must be from 0 (one on each core) to 1024, not -1");
        assertThatIllegalArgumentException().isThrownBy(() -> new BackendOptions("cpu", 1025));
    }
}
