package dev.cambium.part;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cambium.CambiumException;
import dev.cambium.ForeignClasses;
import dev.cambium.backend.BackendProvider;

@Tag("classpath")
class PartsTest {
    public interface Layer {}

    public interface Activation extends Layer {}

    public interface Loss {}

    @Part(name = "relu", description = "A layer.")
    public record Relu() implements Layer {}

    @Part(name = "relu", description = "Another layer of that name.")
    public record OtherRelu() implements Activation {}

    @Part(name = "tanh", description = "A layer by way of another interface.")
    public record Tanh() implements Activation, java.io.Serializable {}

    @Part(name = "cross-entropy", description = "A loss.")
    public record CrossEntropy() implements Loss, java.io.Serializable {}

    @Part(name = "tanh", description = "A loss of a layer's name.")
    public record TanhLoss() implements Loss, java.io.Serializable {}

    /** A stranger's provider. */
    public static class Stranger implements PartProvider {
        @Override
        public List<PartType<?>> parts() {
            return List.of(PartType.of(Tanh.class));
        }
    }

    /** A provider that can't be made. */
    public static class Broken implements PartProvider {
        public Broken() {
            throw new UnsupportedOperationException("no license");
        }

        @Override
        public List<PartType<?>> parts() {
            return List.of();
        }
    }

    private static PartProvider provider(PartType<?>... parts) {
        return () -> List.of(parts);
    }

    private static PartProvider failing(Error failure) {
        return () -> {
            throw failure;
        };
    }

    private static PartProvider failing(RuntimeException failure) {
        return () -> {
            throw failure;
        };
    }

    /** Providers of which the first can't be loaded, as where a class that it extends is missing. */
    private static Iterable<PartProvider> orphanBefore(PartProvider rest) {
        return () -> new Iterator<>() {
            private final Iterator<PartProvider> left = List.of(rest).iterator();
            private boolean failed;

            @Override
            public boolean hasNext() {
                if (!failed) {
                    failed = true;
                    throw new NoClassDefFoundError("org/missing/Parent");
                }
                return left.hasNext();
            }

            @Override
            public PartProvider next() {
                return left.next();
            }
        };
    }

    @Test
    void a_provider_whose_superclass_is_missing_takes_nobody_else_down() {
        Parts parts = Parts.of(orphanBefore(provider(PartType.of(Relu.class))));
        assertThat(parts.entries()).hasSize(1);
        assertThat(parts.refusals()).containsExactly(new Parts.Refusal("a provider of parts",
                "class org.missing.Parent is missing; the jar that holds it must be on the class path or module path too"));
    }

    private static final Parts PARTS = Parts.of(List.of(
            provider(PartType.of(Relu.class), PartType.of(CrossEntropy.class), PartType.of(Tanh.class)),
            provider(PartType.of(TanhLoss.class))));

    @Test
    void parts_are_listed_in_the_order_of_their_providers() {
        assertThat(PARTS.entries()).extracting(entry -> entry.type().name()).containsExactly("relu", "cross-entropy",
                "tanh",
                "tanh");
        assertThat(PARTS.refusals()).isEmpty();
    }

    @Test
    void parts_are_found_by_kind_and_name() {
        assertThat(PARTS.find(Layer.class, "relu").create()).isEqualTo(new Relu());
        assertThat(PARTS.find(Layer.class, "tanh").create()).isEqualTo(new Tanh());
        assertThat(PARTS.find(Loss.class, "tanh").create()).isEqualTo(new TanhLoss());
        assertThat(PARTS.all(Layer.class)).extracting(PartType::name).containsExactly("relu", "tanh");
        assertThat(PARTS.typeOf(Layer.class, new Tanh())).map(PartType::name).contains("tanh");
        assertThat(PARTS.typeOf(Layer.class, new OtherRelu())).isEmpty();
    }

    @Test
    void an_unknown_name_is_answered_with_a_suggestion_and_a_list() {
        assertThatThrownBy(() -> PARTS.find(Layer.class, "rely")).isInstanceOf(CambiumException.class)
                .hasMessage("unknown layer 'rely' (did you mean 'relu'?); there are: relu, tanh");
        assertThatThrownBy(() -> PARTS.find(BackendProvider.class, "x"))
                .hasMessage("unknown backend 'x'; there are none");
    }

    @Test
    void of_two_parts_of_one_kind_and_name_the_second_is_refused() {
        Parts parts = Parts.of(List.of(provider(PartType.of(Relu.class)), provider(PartType.of(OtherRelu.class))));
        assertThat(parts.entries()).extracting(Parts.Entry::type).hasSize(1);
        assertThat(parts.find(Layer.class, "relu").create()).isEqualTo(new Relu());
        assertThat(parts.refusals()).singleElement().satisfies(refusal -> {
            assertThat(refusal.what()).startsWith("relu of ");
            assertThat(refusal.reason()).startsWith("the name is already taken by ");
        });
        Parts reversed = Parts.of(List.of(provider(PartType.of(OtherRelu.class)), provider(PartType.of(Relu.class))));
        assertThat(reversed.entries()).hasSize(1);
        assertThat(reversed.refusals()).hasSize(1);
    }

    @Test
    @SuppressWarnings("NullAway") // a stranger's provider may return anything
    void a_failing_provider_is_left_out_with_the_reason() {
        List<PartType<?>> withNull = new ArrayList<>();
        withNull.add(null);
        Parts parts = Parts.of(List.of(failing(new IllegalStateException("out of order")), () -> null, () -> withNull,
                failing(new AssertionError("no parts")), provider(PartType.of(Relu.class))));
        assertThat(parts.entries()).extracting(entry -> entry.type().name()).containsExactly("relu");
        assertThat(parts.refusals()).hasSize(4);
        assertThat(parts.refusals().get(0).what()).startsWith("dev.cambium.part.PartsTest$$Lambda");
        assertThat(parts.refusals().get(0).reason()).isEqualTo("java.lang.IllegalStateException: out of order");
        assertThat(parts.refusals().get(1).reason()).startsWith("java.lang.NullPointerException");
        assertThat(parts.refusals().get(3).reason()).isEqualTo("java.lang.AssertionError: no parts");
    }

    @Test
    void a_provider_whose_record_is_no_part_is_left_out_with_the_reason() {
        Parts parts = Parts
                .of(List.of(() -> List.of(PartType.of(PartTypeTest.Bare.class)), provider(PartType.of(Relu.class))));
        assertThat(parts.entries()).hasSize(1);
        assertThat(parts.refusals()).singleElement().extracting(Parts.Refusal::reason).asString()
                .endsWith("PartTypeTest$Bare is not annotated with @Part");
    }

    @Test
    void parts_from_elsewhere_join_under_their_origin_unless_their_name_is_taken() {
        Parts parts = Parts.of(List.of(provider(PartType.of(Relu.class))));
        Parts more = parts.with("plugins/a.jar", List.of(PartType.of(OtherRelu.class), PartType.of(Tanh.class)));
        assertThat(parts.entries()).hasSize(1);
        assertThat(more.entries()).hasSize(2).last().satisfies(entry -> {
            assertThat(entry.type().name()).isEqualTo("tanh");
            assertThat(entry.origin()).isEqualTo("plugins/a.jar");
        });
        assertThat(more.refusals()).containsExactly(new Parts.Refusal("relu of plugins/a.jar",
                "the name is already taken by %s; remove one of them".formatted(parts.entries().getFirst().origin())));
    }

    @Test
    void who_looks_for_what_is_not_there_is_told_what_was_refused() {
        Parts parts = Parts.of(List.of(provider(PartType.of(Relu.class))))
                .refusing(List.of(new Parts.Refusal("plugins/a.jar", "it is no jar"),
                        new Parts.Refusal("plugins/b.jar", "it is none, too")));
        assertThatThrownBy(() -> parts.find(Layer.class, "swish")).isInstanceOf(CambiumException.class)
                .hasMessage("unknown layer 'swish'; there are: relu; what was refused may have it:%n"
                        .formatted() + "  plugins/a.jar: it is no jar%n  plugins/b.jar: it is none, too".formatted());
    }

    @Test
    void an_entry_names_the_module_or_jar_that_it_comes_from() {
        String origin = PARTS.entries().get(0).origin();
        if (PartsTest.class.getModule().isNamed()) {
            assertThat(origin).isEqualTo("cambium.api");
        } else {
            assertThat(origin).startsWith("file:").contains("test-classes");
        }
    }

    @Test
    void providers_are_discovered_and_broken_ones_reported(@TempDir Path folder) throws IOException {
        Parts parts = ForeignClasses.with(folder, List.of(Broken.class, Stranger.class),
                Parts::discover);
        assertThat(parts.find(Layer.class, "tanh").create()).isEqualTo(new Tanh());
        assertThat(parts.entries()).filteredOn(entry -> entry.type().name().equals("tanh")).singleElement()
                .extracting(Parts.Entry::origin).asString().startsWith("file:");
        assertThat(parts.refusals()).extracting(Parts.Refusal::what).containsExactly("a provider of parts",
                "a provider of parts");
        assertThat(parts.refusals().get(0).reason()).contains("stranger.ForeignBroken", "no license");
        assertThat(parts.refusals().get(1).reason()).contains("stranger.Missing");
    }
}
