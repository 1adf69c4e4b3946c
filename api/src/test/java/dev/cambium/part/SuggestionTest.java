package dev.cambium.part;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.junit.jupiter.api.Test;

class SuggestionTest {
    private static final List<String> NAMES = List.of("adam", "adamw", "sgd", "max-pool2d", "learningRate");

    @Test
    void a_close_name_is_suggested() {
        assertThat(Suggestion.of("adm", NAMES)).isEqualTo(" (did you mean 'adam'?)");
        assertThat(Suggestion.of("adamv", NAMES)).isEqualTo(" (did you mean 'adam'?)");
        assertThat(Suggestion.of("maxpool2d", NAMES)).isEqualTo(" (did you mean 'max-pool2d'?)");
        assertThat(Suggestion.of("sdg", NAMES)).isEqualTo(" (did you mean 'sgd'?)");
        assertThat(Suggestion.of("LEARNINGRATE", NAMES)).isEqualTo(" (did you mean 'learningRate'?)");
    }

    @Test
    void nothing_is_suggested_for_a_name_that_is_like_none() {
        assertThat(Suggestion.of("transformer", NAMES)).isEmpty();
        assertThat(Suggestion.of("x", NAMES)).isEmpty();
        assertThat(Suggestion.of("", NAMES)).isEmpty();
        assertThat(Suggestion.of("adam", List.of())).isEmpty();
    }
}
