package dev.cambium.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cambium.CambiumException;
import dev.cambium.ForeignClasses;
import dev.cambium.part.Part;
import dev.cambium.part.PartProvider;
import dev.cambium.part.PartType;
import dev.cambium.part.Parts;
import dev.cambium.part.Setting;
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

    /** A provider without faults. */
    interface Sound extends BackendProvider {
        @Override
        default int priority() {
            return 0;
        }

        @Override
        default int primitives() {
            return Op.VERSION;
        }

        @Override
        default Optional<String> unavailability() {
            return Optional.empty();
        }

        @Override
        default List<Device> devices() {
            return List.of(CPU);
        }

        @Override
        default Backend open() {
            return ReferenceBackend.rounded();
        }
    }

    /** The usual priority. */
    @Part(name = "plain", description = "scripted")
    public record Plain() implements Sound {}

    /** Preferred to others. */
    @Part(name = "fast", description = "scripted")
    public record Fast() implements Sound {
        @Override
        public int priority() {
            return 10;
        }
    }

    /** With a graphics card. */
    @Part(name = "card", description = "scripted")
    public record Card(@Setting(doc = "where", defaultValue = "auto") String device,
            @Setting(doc = "how many", defaultValue = "0") int threads) implements Sound {
        @Override
        public int priority() {
            return -5;
        }

        @Override
        public List<Device> devices() {
            return List.of(CPU, CARD);
        }
    }

    /** With the same card, but less preferred. */
    @Part(name = "old-card", description = "scripted")
    public record OldCard() implements Sound {
        @Override
        public int priority() {
            return -10;
        }

        @Override
        public List<Device> devices() {
            return List.of(CARD);
        }
    }

    /** Preferred to all, but of no use here. */
    @Part(name = "tensorflow", description = "scripted")
    public record Unusable() implements Sound {
        @Override
        public int priority() {
            return 100;
        }

        @Override
        public Optional<String> unavailability() {
            return Optional.of("no library");
        }
    }

    /** Of no use here either. */
    @Part(name = "driverless", description = "scripted")
    public record Driverless() implements Sound {
        @Override
        public Optional<String> unavailability() {
            return Optional.of("no driver");
        }
    }

    /** Usable until asked for its devices. */
    @Part(name = "asleep", description = "scripted")
    public record Asleep() implements Sound {
        @Override
        public int priority() {
            return -5;
        }

        @Override
        public List<Device> devices() {
            throw new IllegalStateException("the driver is asleep");
        }
    }

    /** Whose library is missing. */
    @Part(name = "unlinked", description = "scripted")
    public record Unlinked() implements Sound {
        @Override
        public List<Device> devices() {
            throw new UnsatisfiedLinkError("libcuda.so.1 is missing");
        }

        @Override
        public Backend open() {
            throw new UnsatisfiedLinkError("libgpu.so is missing");
        }
    }

    /** Made for another version of the primitives. */
    @Part(name = "old", description = "scripted")
    public record Old() implements Sound {
        @Override
        public int primitives() {
            return Op.VERSION - 1;
        }

        @Override
        public Optional<String> unavailability() {
            throw new IllegalStateException("never asked");
        }
    }

    /** That can't be made. */
    @Part(name = "unlicensed", description = "scripted")
    public record Unlicensed() implements Sound {
        /** Fails. */
        public Unlicensed {
            if (true) {
                throw new UnsupportedOperationException("no license");
            }
        }
    }

    /** That says nothing. */
    @Part(name = "mute", description = "scripted")
    @SuppressWarnings("NullAway") // a stranger's provider may return anything
    public record Mute() implements Sound {
        @Override
        public Optional<String> unavailability() {
            return null;
        }
    }

    /** That fails for a deeper reason. */
    @Part(name = "deep", description = "scripted")
    public record Deep() implements Sound {
        @Override
        public int priority() {
            throw new IllegalStateException("outer", new IOException("inner"));
        }
    }

    /** Without a class that it needs. */
    @Part(name = "classless", description = "scripted")
    public record Classless() implements Sound {
        @Override
        public Optional<String> unavailability() {
            throw new NoClassDefFoundError("org/missing/Library");
        }
    }

    private static Parts parts(Class<?>... types) {
        return Parts
                .of(List.of(() -> Stream.of(types).<PartType<?>>map(type -> PartType.of(type.asSubclass(Record.class)))
                        .toList()));
    }

    private static String chosen(Parts parts, String device) {
        return Backends.choose(parts, Optional.empty(), new BackendOptions(device, 0)).getClass().getSimpleName();
    }

    @Test
    void usable_backends_come_first_by_falling_priority() {
        Parts parts = parts(Card.class, Unusable.class, Fast.class, Plain.class);
        assertThat(Backends.among(parts)).extracting(Backends.Candidate::name).containsExactly("fast", "plain", "card",
                "tensorflow");
        assertThat(chosen(parts, "auto")).isEqualTo("Fast");
    }

    @Test
    void a_backend_is_chosen_by_name_whatever_its_priority_and_gets_its_settings() {
        assertThat(Backends.choose(parts(Fast.class, Card.class), Optional.of("card"), new BackendOptions("gpu", 2)))
                .isEqualTo(new Card("gpu", 2));
    }

    @Test
    void an_option_that_a_backend_lacks_is_refused_unless_it_is_the_usual_one() {
        Parts parts = parts(Plain.class);
        assertThat(Backends.choose(parts, Optional.of("plain"), BackendOptions.defaults())).isEqualTo(new Plain());
        assertThatThrownBy(() -> Backends.choose(parts, Optional.of("plain"), new BackendOptions("auto", 3)))
                .isInstanceOf(CambiumException.class).hasMessage("plain has no setting 'threads'; it has none");
    }

    @Test
    void an_unknown_name_is_answered_with_a_suggestion_and_a_list() {
        assertThatThrownBy(() -> Backends.choose(parts(Plain.class, Unusable.class), Optional.of("tensorflwo"),
                BackendOptions.defaults())).isInstanceOf(CambiumException.class).hasMessage(
                        "unknown backend 'tensorflwo' (did you mean 'tensorflow'?); there are: plain, tensorflow");
    }

    @Test
    void an_unusable_backend_is_refused_with_its_reason() {
        String refusal = "backend 'tensorflow' can't be used here: no library";
        assertThatThrownBy(() -> Backends.choose(parts(Plain.class, Unusable.class), Optional.of("tensorflow"),
                BackendOptions.defaults())).isInstanceOf(CambiumException.class).hasMessage(refusal);
        assertThatThrownBy(() -> Backends.open(new Unusable())).isInstanceOf(CambiumException.class)
                .hasMessage(refusal);
    }

    @Test
    void where_no_backend_is_usable_every_reason_is_given() {
        assertThatThrownBy(() -> chosen(parts(Driverless.class, Unusable.class), "auto"))
                .isInstanceOf(CambiumException.class)
                .hasMessage("no backend can be used here:\n  tensorflow: no library\n  driverless: no driver");
    }

    @Test
    void without_a_name_the_preferred_backend_with_the_device_is_chosen() {
        Parts parts = parts(OldCard.class, Card.class, Plain.class);
        assertThat(chosen(parts, "auto")).isEqualTo("Plain");
        assertThat(chosen(parts, "gpu")).isEqualTo("Card");
        assertThat(chosen(parts, "gpu:0")).isEqualTo("Card");
    }

    @Test
    void a_device_that_no_backend_has_is_answered_with_those_there_are() {
        assertThatThrownBy(() -> chosen(parts(Plain.class, Asleep.class, Unusable.class), "gpu"))
                .isInstanceOf(CambiumException.class).hasMessage(
                        """
                                no usable backend has a device 'gpu'; there are: cpu (backend 'plain'), none that could be asked for \
                                (backend 'asleep' can't tell its devices: java.lang.IllegalStateException: the driver is asleep)
                                  backend 'tensorflow' can't be used here: no library""");
    }

    @Test
    void devices_that_cannot_be_told_give_the_reason() {
        Backends.Candidate candidate = Backends.among(parts(Unlinked.class)).getFirst();
        assertThatThrownBy(candidate::devices).isInstanceOf(CambiumException.class).hasMessage(
                "backend 'unlinked' can't tell its devices: a native library can't be loaded: libcuda.so.1 is missing");
        assertThat(Backends.among(parts(Unusable.class)).getFirst().devices()).isEmpty();
    }

    @Test
    void a_backend_for_older_primitives_is_refused() {
        String problem = "it knows primitives %d, this platform has %d".formatted(Op.VERSION - 1, Op.VERSION);
        assertThat(Backends.among(parts(Old.class)).getFirst().problem()).contains(problem);
        assertThatThrownBy(() -> Backends.open(new Old())).isInstanceOf(CambiumException.class)
                .hasMessage("backend 'old' can't be used here: " + problem);
    }

    @Test
    void whatever_a_provider_throws_or_returns_takes_nobody_else_down() {
        assertThat(problem(Unlicensed.class)).endsWith("java.lang.UnsupportedOperationException: no license");
        assertThat(problem(Mute.class)).endsWith("it does not say whether it can be used");
        assertThat(problem(Deep.class)).endsWith("java.io.IOException: inner");
        assertThat(problem(Classless.class)).endsWith("class org.missing.Library is missing; the jar that holds it "
                + "must be on the class path or module path too");
    }

    private static String problem(Class<?> broken) {
        Parts parts = parts(broken, Plain.class);
        assertThat(chosen(parts, "auto")).isEqualTo("Plain");
        String problem = Backends.among(parts).getLast().problem().orElseThrow();
        assertThat(problem).startsWith("its provider failed: ");
        return problem;
    }

    @Test
    void a_backend_whose_library_does_not_load_is_refused_with_the_reason() {
        assertThatThrownBy(() -> Backends.open(new Unlinked())).isInstanceOf(CambiumException.class).hasMessage(
                "backend 'unlinked' can't be opened: a native library can't be loaded: libgpu.so is missing");
    }

    // ---- discovery

    /** A stranger's jar, with a backend that is preferred to every other. */
    public static class Stranger implements PartProvider {
        @Override
        public List<PartType<?>> parts() {
            return List.of(PartType.of(Fast.class));
        }
    }

    @Test
    void the_preferred_backend_of_all_jars_is_opened(@TempDir Path folder) throws IOException {
        ForeignClasses.with(folder, List.of(Stranger.class), () -> {
            assertThat(Backends.discover()).extracting(Backends.Candidate::name).startsWith("fast");
            try (Backend backend = Backends.open()) {
                assertThat(backend.name()).isEqualTo("reference");
            }
            return true;
        });
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
