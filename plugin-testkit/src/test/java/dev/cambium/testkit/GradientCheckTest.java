package dev.cambium.testkit;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;

import org.junit.jupiter.api.Test;

import dev.cambium.nn.Initializer;
import dev.cambium.nn.Layer;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;

class GradientCheckTest {
    private static final NdArray A = NdArray.of(Shape.of(2, 2), 0.5, -1.5, 2.0, 0.25);
    private static final NdArray B = NdArray.of(Shape.of(2, 2), 1.0, 0.75, -0.5, 3.0);

    @Test
    void right_gradients_pass() {
        assertThatCode(() -> GradientCheck.function(in -> in.get(0).matmul(in.get(1)).tanh(), A, B))
                .doesNotThrowAnyException();
    }

    @Test
    void a_wrong_gradient_is_named_by_argument_and_element() {
        assertThatThrownBy(() -> GradientCheck.function(in -> Tensor.region("product", in,
                each -> each.get(0).mul(each.get(1)),
                (inputs, output, gradient) -> List.of(gradient.mul(inputs.get(1)), gradient)), A, B))
                        .isInstanceOf(AssertionError.class).hasMessageContaining("gradient by element 0 of")
                        .hasMessageContaining("argument1");
    }

    @Test
    void a_gradient_that_is_wrong_by_a_parameter_alone_is_caught() {
        Layer layer = (input, cx) -> input
                .mul(cx.parameter("factor", Shape.scalar(), Initializer.constant(2)).stopGradient());
        assertThatThrownBy(() -> GradientCheck.layer(layer, A)).isInstanceOf(AssertionError.class)
                .hasMessageContaining("factor");
    }
}
