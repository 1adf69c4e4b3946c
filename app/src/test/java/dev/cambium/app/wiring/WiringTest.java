package dev.cambium.app.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.ProvisionException;
import com.google.inject.Singleton;
import org.junit.jupiter.api.Test;

import dev.cambium.CambiumException;
import dev.cambium.models.Sgd;
import dev.cambium.models.StockParts;
import dev.cambium.nn.Optimizer;
import dev.cambium.part.Parts;

class WiringTest {
    private static final Parts PARTS = Parts.of(List.of(new StockParts()));

    /** Something that must be closed. */
    record Resource(String name, List<String> closed) implements AutoCloseable {
        @Override
        public void close() {
            closed.add(name);
        }
    }

    /** A number that needs a resource, and a text that can't be had. */
    static final class Pieces extends AbstractModule {
        private final List<String> closed;

        Pieces(List<String> closed) {
            this.closed = closed;
        }

        @Provides
        @Singleton
        Resource resource(Wiring.Opened opened) {
            opened.add(new Resource("first", closed));
            return opened.add(new Resource("second", closed));
        }

        @Provides
        Integer number(Resource resource) {
            return resource.name().length();
        }

        @Provides
        String text() {
            throw new CambiumException("there is no text");
        }

        @Provides
        StringBuilder longText(String text) {
            return new StringBuilder(text);
        }

        @Provides
        Double defect() {
            throw new IllegalStateException("out of order");
        }
    }

    @Test
    void what_was_opened_is_closed_the_last_first() {
        var closed = new ArrayList<String>();
        try (var wiring = new Wiring(new Pieces(closed))) {
            assertThat(wiring.get(Integer.class)).isEqualTo(6);
            assertThat(wiring.get(Resource.class)).isSameAs(wiring.get(Resource.class));
            assertThat(closed).isEmpty();
        }
        assertThat(closed).containsExactly("second", "first");
    }

    @Test
    void mistakes_of_the_user_come_through_as_they_are() {
        try (var wiring = new Wiring(new Pieces(new ArrayList<>()))) {
            assertThatThrownBy(() -> wiring.get(StringBuilder.class)).isInstanceOf(CambiumException.class)
                    .hasMessage("there is no text");
            assertThatThrownBy(() -> wiring.get(Double.class)).isInstanceOf(ProvisionException.class)
                    .hasRootCauseMessage("out of order");
        }
    }

    @Test
    void parts_are_chosen_with_and_without_settings() {
        assertThat(PartChoice.parse("sgd").create(PARTS, Optimizer.class).part()).isEqualTo(new Sgd(0.001));
        ChosenPart<Optimizer> chosen = PartChoice.parse("sgd:learningRate=0.1,momentum=0.9").create(PARTS,
                Optimizer.class);
        assertThat(chosen.part()).isEqualTo(new Sgd(0.1, 0.9));
        assertThat(chosen.settings()).containsExactly(Map.entry("learningRate", 0.1), Map.entry("momentum", 0.9),
                Map.entry("dampening", 0.0), Map.entry("weightDecay", 0.0), Map.entry("nesterov", false));
    }

    @Test
    void choice_reads_as_it_was_written() {
        assertThat(PartChoice.parse("sgd:momentum=0.9,nesterov=true")).hasToString("sgd:momentum=0.9,nesterov=true");
        assertThat(PartChoice.parse("sgd")).hasToString("sgd");
    }
}
