package dev.cambium.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;

import org.junit.jupiter.api.Test;

import dev.cambium.nn.Loss;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Gradients;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.ShapeException;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;

class LossesTest {
    private static final Tensor SCORES = constant(3, 4, 0.5f, -1, 2, 0, 3, 1, -2, 0.25f, 0, 0, 1, -1);
    private static final Tensor LABELS = Tensor.constant(NdArray.of(Shape.of(3), 2L, 0, 3));

    private static Tensor constant(int rows, int columns, float... values) {
        return Tensor.constant(NdArray.of(Shape.of(rows, columns), values));
    }

    @Test
    void cross_entropy_of_log_probabilities_is_that_of_the_scores() {
        assertThat(new CrossEntropy().loss(SCORES.logSoftmax(1), LABELS).value().item())
                .isCloseTo(new CrossEntropy().loss(SCORES, LABELS).value().item(),
                        within(1e-6));
    }

    @Test
    void a_label_that_is_no_class_makes_the_loss_nan_and_has_no_gradient() {
        for (long label : new long[] {-1, 4, -100}) {
            Tensor labels = Tensor.constant(NdArray.of(Shape.of(3), 2L, label, 3));
            for (Loss loss : List.of(new CrossEntropy(), new Nll())) {
                Tensor value = loss.loss(SCORES, labels);
                assertThat(value.value().item()).isNaN();
                NdArray gradient = Gradients.of(value, List.of(SCORES)).get(0).value();
                assertThat(List.of(gradient.getDouble(4), gradient.getDouble(5), gradient.getDouble(6),
                        gradient.getDouble(7))).as("the row of the label").allMatch(number -> number == 0);
                assertThat(gradient.getDouble(2)).as("another row").isFinite().isNotZero();
            }
        }
    }

    @Test
    void predictions_and_labels_that_do_not_fit_are_refused_with_their_types() {
        for (Loss loss : List.of(new CrossEntropy(), new Nll())) {
            assertThatThrownBy(() -> loss.loss(input(DType.FLOAT32, 50, 10), input(DType.INT64, 49)))
                    .isInstanceOf(ShapeException.class)
                    .hasMessage("predictions of classes float32[50, 10] with labels int64[49];"
                            + " floating [n, classes] and int64[n] are wanted");
            assertThatThrownBy(() -> loss.loss(input(DType.FLOAT32, 50, 10), input(DType.INT32, 50)))
                    .isInstanceOf(ShapeException.class).hasMessageContaining("int32[50]");
            assertThatThrownBy(() -> loss.loss(input(DType.FLOAT32, 50), input(DType.INT64, 50)))
                    .isInstanceOf(ShapeException.class).hasMessageContaining("float32[50]");
            assertThatThrownBy(() -> loss.loss(input(DType.INT64, 50, 10), input(DType.INT64, 50)))
                    .isInstanceOf(ShapeException.class).hasMessageContaining("int64[50, 10]");
        }
    }

    private static Tensor input(DType dtype, int... dims) {
        return Tensor.input("x" + dims.length, new TensorType(dtype, Shape.of(dims)));
    }
}
