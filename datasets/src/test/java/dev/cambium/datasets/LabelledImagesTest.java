package dev.cambium.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import dev.cambium.data.Batch;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.TensorType;

class LabelledImagesTest {
    /** Three images of one row of two pixels. */
    private static final LabelledImages IMAGES = new LabelledImages(
            ByteBuffer.wrap(new byte[] {0, (byte) 255, 51, (byte) 128, 1, (byte) 254}),
            ByteBuffer.wrap(new byte[] {7, 0, (byte) 200}), 1, 2, List.of("x"));

    @Test
    void the_types_are_those_of_one_example() {
        assertThat(IMAGES.size()).isEqualTo(3);
        assertThat(IMAGES.inputType()).isEqualTo(new TensorType(DType.FLOAT32, Shape.of(1, 1, 2)));
        assertThat(IMAGES.targetType()).isEqualTo(new TensorType(DType.INT64, Shape.scalar()));
    }

    @Test
    void a_batch_holds_the_wanted_examples_in_the_wanted_order_from_zero_to_one() {
        Batch batch = IMAGES.batch(0, 2, 0, 2);
        assertThat(batch.inputs()).isEqualTo(NdArray.of(Shape.of(3, 1, 1, 2), 1 / 255f, 254 / 255f, 0, 1, 1 / 255f,
                254 / 255f));
        assertThat(batch.targets()).isEqualTo(NdArray.of(Shape.of(3), 200L, 7L, 200L));
    }

    @Test
    void the_epoch_makes_no_difference() {
        assertThat(IMAGES.batch(0, 1)).isEqualTo(IMAGES.batch(9, 1));
    }

    @Test
    void an_index_out_of_range_is_refused() {
        assertThatThrownBy(() -> IMAGES.batch(0, 3)).isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessageContaining("3");
        assertThatThrownBy(() -> IMAGES.batch(0, -1)).isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessageContaining("-1");
    }

    @Test
    void threads_get_the_same_batches() {
        Batch alone = IMAGES.batch(0, 0, 1, 2);
        assertThat(IntStream.range(0, 1000).parallel().mapToObj(_ -> IMAGES.batch(0, 0, 1, 2)).distinct())
                .containsExactly(alone);
    }
}
