package dev.cambium.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import java.util.stream.Stream;

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
    private static final Device CPU = new Device("cpu", Device.Kind.CPU, "4 threads");
    private static final Device CARD = new Device("gpu:0", Device.Kind.GPU, "a card");

    /** A provider made of what its methods do. */
    record Scripted(Supplier<String> named, Supplier<Integer> ranked, int primitives,
            Supplier<Optional<String>> missing, Supplier<List<Device>> found)
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
            return found.get();
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
        return new Scripted(() -> name, () -> priority, Op.VERSION, Optional::empty, List::of);
    }

    private static BackendProvider unusable(String name, int priority, String reason) {
        return new Scripted(() -> name, () -> priority, Op.VERSION, () -> Optional.of(reason), List::of);
    }

    private static BackendProvider on(String name, int priority, Supplier<List<Device>> devices) {
        return new Scripted(() -> name, () -> priority, Op.VERSION, Optional::empty, devices);
    }

    private static List<Backends.Candidate> candidates(BackendProvider... providers) {
        return Backends.candidates(Stream.of(providers).map(BackendsTest::offered).iterator());
    }

    private static ServiceLoader.Provider<BackendProvider> offered(BackendProvider provider) {
        return new ServiceLoader.Provider<>() {
            @Override
            public Class<? extends BackendProvider> type() {
                return provider.getClass();
            }

            @Override
            public BackendProvider get() {
                return provider;
            }
        };
    }

    @Test
    void usable_backends_come_first_by_falling_priority() {
        List<Backends.Candidate> candidates = candidates(usable("slow", -5), unusable("broken", 100, "no driver"),
                usable("fast", 10), usable("plain", 0));
        assertThat(candidates).extracting(Backends.Candidate::name).containsExactly("fast", "plain", "slow", "broken");
        assertThat(Backends.best(candidates, "auto").name()).isEqualTo("fast");
    }

    @Test
    void a_backend_is_chosen_by_name_whatever_its_priority() {
        assertThat(Backends.named(candidates(usable("fast", 10), usable("plain", 0)), "plain").name())
                .isEqualTo("plain");
    }

    @Test
    void an_unknown_name_is_answered_with_a_suggestion_and_a_list() {
        assertThatThrownBy(
                () -> Backends.named(candidates(usable("cpu", 0), unusable("tensorflow", 10, "no library")),
                        "tensorflwo"))
                                .isInstanceOf(CambiumException.class)
                                .hasMessage(
                                        "unknown backend 'tensorflwo' (did you mean 'tensorflow'?); there are: cpu, tensorflow");
    }

    @Test
    void an_unusable_backend_is_refused_with_its_reason() {
        assertThatThrownBy(
                () -> Backends.named(candidates(usable("cpu", 0), unusable("gpu", 10, "install a driver")), "gpu"))
                        .isInstanceOf(CambiumException.class)
                        .hasMessage("backend 'gpu' can't be used here: install a driver");
    }

    @Test
    void where_no_backend_is_usable_every_reason_is_given() {
        assertThatThrownBy(
                () -> Backends.best(candidates(unusable("a", 0, "no driver"), unusable("b", 10, "no library")), "auto"))
                        .isInstanceOf(CambiumException.class)
                        .hasMessage("no backend can be used here:\n  b: no library\n  a: no driver");
    }

    @Test
    void without_a_name_the_preferred_backend_with_the_device_is_chosen() {
        BackendProvider card = on("card", -5, () -> List.of(CPU, CARD));
        BackendProvider old = on("old-card", -10, () -> List.of(CARD));
        List<Backends.Candidate> candidates = candidates(old, card, on("cpu", 0, () -> List.of(CPU)));
        assertThat(Backends.best(candidates, "auto").name()).isEqualTo("cpu");
        assertThat(Backends.best(candidates, "cpu").name()).isEqualTo("cpu");
        assertThat(Backends.best(candidates, "gpu")).isSameAs(card);
        assertThat(Backends.best(candidates, "gpu:0")).isSameAs(card);
    }

    @Test
    void a_device_that_no_backend_has_is_answered_with_those_there_are() {
        List<Backends.Candidate> candidates = candidates(on("cpu", 0, () -> List.of(CPU)),
                on("card", -5, failing("the driver is asleep")), unusable("tensorflow", 10, "no library"));
        assertThatThrownBy(() -> Backends.best(candidates, "gpu")).isInstanceOf(CambiumException.class).hasMessage("""
                no usable backend has a device 'gpu'; there are: cpu (backend 'cpu'), none that could be asked for \
                (backend 'card' can't tell its devices: java.lang.IllegalStateException: the driver is asleep)
                  backend 'tensorflow' can't be used here: no library""");
    }

    @Test
    void devices_that_cannot_be_told_give_the_reason() {
        Backends.Candidate candidate = candidates(on("card", 0, () -> {
            throw new UnsatisfiedLinkError("libcuda.so.1 is missing");
        })).getFirst();
        assertThatThrownBy(candidate::devices).isInstanceOf(CambiumException.class).hasMessage(
                "backend 'card' can't tell its devices: a native library can't be loaded: libcuda.so.1 is missing");
        assertThat(candidates(unusable("card", 0, "no driver")).getFirst().devices()).isEmpty();
    }

    @Test
    void a_backend_for_older_primitives_is_refused() {
        var old = new Scripted(() -> "old", () -> 0, Op.VERSION - 1, failing("never asked"), List::of);
        assertThat(candidates(old).get(0).problem()).contains(
                "it knows primitives %d, this platform has %d".formatted(Op.VERSION - 1, Op.VERSION));
    }

    @Test
    void of_two_backends_of_one_name_the_second_is_refused() {
        BackendProvider first = usable("cpu", 0);
        List<Backends.Candidate> candidates = candidates(first, usable("cpu", 50));
        assertThat(Backends.named(candidates, "cpu")).isSameAs(first);
        assertThat(Backends.best(candidates, "auto")).isSameAs(first);
        assertThat(candidates.get(1).problem().orElseThrow())
                .matches("\\S*test-classes/? has a backend of the same name, which comes first; "
                        + "this one is in \\S*test-classes/?; remove one of them");
    }

    @Test
    @SuppressWarnings("NullAway") // a stranger's provider may return anything
    void whatever_a_provider_throws_or_returns_takes_nobody_else_down() {
        List<BackendProvider> broken = List.of(
                new Scripted(failing("no name"), () -> 0, Op.VERSION, Optional::empty, List::of),
                new Scripted(() -> "b", failing("no priority"), Op.VERSION, Optional::empty, List::of),
                new Scripted(() -> "c", () -> 0, Op.VERSION, () -> {
                    throw new UnsatisfiedLinkError("libc.so.7 is missing");
                }, List::of),
                new Scripted(() -> "d", () -> 0, Op.VERSION, () -> {
                    throw new IllegalStateException("outer", new IOException("inner"));
                }, List::of),
                new Scripted(() -> "e", () -> 0, Op.VERSION, () -> {
                    throw new NoClassDefFoundError("org/missing/Library");
                }, List::of),
                new Scripted(() -> null, () -> 0, Op.VERSION, Optional::empty, List::of),
                new Scripted(() -> "f", () -> 0, Op.VERSION, () -> null, List::of));
        for (BackendProvider each : broken) {
            List<Backends.Candidate> candidates = candidates(each, usable("cpu", 0));
            assertThat(Backends.best(candidates, "auto").name()).isEqualTo("cpu");
            assertThat(candidates.get(1).name()).isEqualTo(Scripted.class.getName());
            assertThat(candidates.get(1).problem().orElseThrow()).startsWith("its provider failed: ");
        }
        assertThat(candidates(broken.get(2)).get(0).problem().orElseThrow()).endsWith("libc.so.7 is missing");
        assertThat(candidates(broken.get(3)).get(0).problem().orElseThrow()).endsWith("java.io.IOException: inner");
        assertThat(candidates(broken.get(4)).get(0).problem()).contains("its provider failed: class "
                + "org.missing.Library is missing; the jar that holds it must be on the class path or module path too");
    }

    @Test
    void a_provider_whose_superclass_is_missing_takes_nobody_else_down() {
        var rest = List.of(offered(usable("cpu", 0))).iterator();
        var providers = new Iterator<ServiceLoader.Provider<BackendProvider>>() {
            private boolean failed;

            @Override
            public boolean hasNext() {
                if (!failed) {
                    failed = true;
                    throw new NoClassDefFoundError("org/missing/Parent");
                }
                return rest.hasNext();
            }

            @Override
            public ServiceLoader.Provider<BackendProvider> next() {
                return rest.next();
            }
        };
        List<Backends.Candidate> candidates = Backends.candidates(providers);
        assertThat(candidates).extracting(Backends.Candidate::name).containsExactly("cpu", "?");
        assertThat(candidates.get(1).problem().orElseThrow())
                .startsWith("its provider can't be loaded: class org.missing.Parent is missing; ");
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
        assertThat(candidates.get(0).origin()).contains(folder.toString());
        assertThat(candidates).filteredOn(candidate -> candidate.name().equals("stranger.ForeignBroken"))
                .extracting(Backends.Candidate::problem).containsExactly(Optional
                        .of("its provider can't be made: java.lang.UnsupportedOperationException: no license"));
        assertThat(candidates).filteredOn(candidate -> candidate.name().equals("?"))
                .extracting(Backends.Candidate::problem)
                .containsExactly(Optional.of("its provider can't be loaded: Provider stranger.Missing not found"));
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
                                "backend 'unlinked' can't be opened: a native library can't be loaded: libgpu.so is missing"));
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
