package dev.cambium.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ShapeTest {
    private static final Shape IMAGES = Shape.of(50, 3, 28, 24);

    @Test
    void a_shape_has_dimensions_a_rank_and_a_number_of_elements() {
        assertThat(IMAGES.rank()).isEqualTo(4);
        assertThat(IMAGES.size()).isEqualTo(50 * 3 * 28 * 24);
        assertThat(IMAGES.dims()).containsExactly(50, 3, 28, 24);
        assertThat(IMAGES).hasToString("[50, 3, 28, 24]");
    }

    @Test
    void a_scalar_has_no_dimensions_and_one_element() {
        assertThat(Shape.scalar().rank()).isZero();
        assertThat(Shape.scalar().size()).isEqualTo(1);
        assertThat(Shape.of()).isSameAs(Shape.scalar());
        assertThat(Shape.scalar()).hasToString("[]");
        assertThat(Shape.scalar().strides()).isEmpty();
    }

    @Test
    void a_dimension_of_zero_leaves_no_elements() {
        assertThat(Shape.of(3, 0, 2).size()).isZero();
        assertThat(Shape.of(3, 0, 2).strides()).containsExactly(0, 2, 1);
    }

    @Test
    void negative_axes_count_from_the_innermost() {
        assertThat(IMAGES.dim(-1)).isEqualTo(24);
        assertThat(IMAGES.dim(-4)).isEqualTo(50);
        assertThat(IMAGES.axis(-2)).isEqualTo(2);
        assertThat(IMAGES.axis(2)).isEqualTo(2);
        assertThat(IMAGES.hasAxis(-4)).isTrue();
        assertThat(IMAGES.hasAxis(4)).isFalse();
        assertThat(IMAGES.hasAxis(-5)).isFalse();
    }

    @Test
    void an_axis_that_is_not_there_is_named() {
        assertThatIllegalArgumentException().isThrownBy(() -> IMAGES.dim(4))
                .withMessage("the shape [50, 3, 28, 24] has no axis 4");
        assertThatIllegalArgumentException().isThrownBy(() -> Shape.scalar().dim(-1))
                .withMessage("the shape [] has no axis -1");
        assertThatIllegalArgumentException().isThrownBy(() -> IMAGES.axis(-5));
    }

    @Test
    void strides_are_those_of_a_dense_row_major_array() {
        assertThat(IMAGES.strides()).containsExactly(3 * 28 * 24, 28 * 24, 24, 1);
    }

    @Test
    void negative_dimensions_are_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Shape.of(2, -1))
                .withMessage("a dimension is negative: [2, -1]");
    }

    @Test
    void more_elements_than_a_long_counts_are_refused() {
        int large = Integer.MAX_VALUE;
        assertThat(Shape.of(large, large).size()).isEqualTo((long) large * large);
        assertThatThrownBy(() -> LayerPath.within("cnn/conv1", () -> Shape.of(large, large, large)))
                .isInstanceOf(ShapeException.class)
                .hasMessage("cnn/conv1: too many elements: [2147483647, 2147483647, 2147483647]");
    }

    @Test
    void shapes_are_changed_by_making_new_ones() {
        assertThat(IMAGES.withDim(-1, 7)).isEqualTo(Shape.of(50, 3, 28, 7));
        assertThat(IMAGES.prepend(2)).isEqualTo(Shape.of(2, 50, 3, 28, 24));
        assertThat(IMAGES.dropFirst()).isEqualTo(Shape.of(3, 28, 24));
        assertThat(Shape.scalar().prepend(4)).isEqualTo(Shape.of(4));
        assertThat(IMAGES).isEqualTo(Shape.of(50, 3, 28, 24));
    }

    @Test
    void a_scalar_has_no_first_dimension_to_drop() {
        assertThatIllegalArgumentException().isThrownBy(() -> Shape.scalar().dropFirst())
                .withMessage("the shape [] has no axis 0");
    }

    @Test
    void a_shape_does_not_change_with_the_arrays_it_was_made_of_or_gave_away() {
        int[] dims = {2, 3};
        Shape shape = Shape.of(dims);
        dims[0] = 9;
        shape.dims()[1] = 9;
        shape.strides()[0] = 9;
        assertThat(shape).isEqualTo(Shape.of(2, 3)).hasSameHashCodeAs(Shape.of(2, 3)).isNotEqualTo(Shape.of(3, 2));
    }
}
