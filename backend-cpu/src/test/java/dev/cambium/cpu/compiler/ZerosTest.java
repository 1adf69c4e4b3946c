package dev.cambium.cpu.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.junit.jupiter.api.Test;

import dev.cambium.tensor.DType;
import dev.cambium.tensor.Gradients;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Window2d;

/** Where zeros arise, what keeps them and what ends them. */
class ZerosTest {
    private static final Tensor IMAGES = Tensor.input("images", new TensorType(DType.FLOAT32, Shape.of(2, 3, 8, 8)));
    private static final Tensor LABELS = Tensor.input("labels", new TensorType(DType.INT64, Shape.of(4)));
    private static final Tensor RELU = IMAGES.relu();

    private static boolean arise(Tensor tensor) {
        return Zeros.of(Graph.of("value", tensor)).contains(tensor);
    }

    @Test
    void zeros_arise_in_relu_one_hot_and_the_gradient_of_max_pooling() {
        assertThat(arise(RELU)).isTrue();
        assertThat(arise(IMAGES.max(Tensor.full(IMAGES.type(), 0)))).isTrue();
        assertThat(arise(LABELS.oneHot(10, DType.FLOAT32))).isTrue();
        assertThat(arise(Gradients.of(IMAGES.maxPool2d(2).sum(), List.of(IMAGES)).getFirst())).isTrue();
        assertThat(arise(Gradients.of(RELU.exp().sum(), List.of(IMAGES)).getFirst())).isTrue();
    }

    @Test
    void zeros_are_kept_by_moves_masks_and_what_leaves_zero_alone() {
        assertThat(arise(RELU.transpose(0, 2, 3, 1))).isTrue();
        assertThat(arise(RELU.flatten(1))).isTrue();
        assertThat(arise(RELU.mul(IMAGES))).isTrue();
        assertThat(arise(RELU.div(IMAGES))).isTrue();
        assertThat(arise(RELU.neg().tanh().abs().sqrt())).isTrue();
        assertThat(arise(RELU.maxPool2d(2))).isTrue();
        assertThat(arise(RELU.add(IMAGES.neg().relu()))).isTrue();
        assertThat(arise(Tensor.concat(1, List.of(RELU, RELU)))).isTrue();
    }

    @Test
    void zeros_end_where_something_is_added_and_in_what_maps_zero_elsewhere() {
        assertThat(arise(IMAGES)).isFalse();
        assertThat(arise(RELU.add(IMAGES))).isFalse();
        assertThat(arise(RELU.sub(1))).isFalse();
        assertThat(arise(RELU.exp())).isFalse();
        assertThat(arise(RELU.sigmoid())).isFalse();
        assertThat(arise(IMAGES.div(RELU))).isFalse();
        assertThat(arise(RELU.sum(1))).isFalse();
        assertThat(arise(IMAGES.max(Tensor.full(IMAGES.type(), 1)))).isFalse();
        assertThat(arise(Tensor.concat(1, List.of(RELU, IMAGES)))).isFalse();
    }

    @Test
    void most_is_zero_of_what_the_gradient_of_max_pooling_is_spread_to() {
        Tensor pooled = IMAGES.maxPool2d(2);
        Tensor gradient = Gradients.of(pooled.mul(pooled).sum(), List.of(IMAGES)).getFirst();
        assertThat(mostly(gradient)).isTrue();
        assertThat(mostly(IMAGES.mul(gradient))).isTrue();
        assertThat(mostly(Gradients.of(RELU.maxPool2d(2).sum(), List.of(IMAGES)).getFirst())).isTrue();
        assertThat(mostly(gradient.add(RELU))).isFalse();
        assertThat(mostly(RELU)).isFalse();
        Tensor overlapping = IMAGES.maxPool2d(Window2d.square(2, 1));
        assertThat(mostly(Gradients.of(overlapping.sum(), List.of(IMAGES)).getFirst())).isFalse();
    }

    private static boolean mostly(Tensor tensor) {
        return Zeros.spread(Graph.of("value", tensor)).contains(tensor);
    }
}
