package dev.cambium.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;

class PredictionTest {
    @Test
    void logits_and_logarithms_of_probabilities_give_the_same() {
        float half = (float) Math.log(0.5);
        float quarter = (float) Math.log(0.25);
        var predictions = Prediction.all(NdArray.of(Shape.of(2, 3), quarter, half, quarter, quarter + 1000, half + 1000,
                quarter + 1000));
        for (Prediction prediction : predictions) {
            assertThat(prediction.probabilities().get(0)).isCloseTo(0.25, Offset.offset(1e-4));
            assertThat(prediction.probabilities().get(1)).isCloseTo(0.5, Offset.offset(1e-4));
            assertThat(prediction.best()).isEqualTo(1);
        }
    }

    @Test
    void of_equals_the_first_is_best() {
        assertThat(Prediction.all(NdArray.of(Shape.of(1, 3), 0f, 1f, 1f)).getFirst().best()).isEqualTo(1);
    }
}
