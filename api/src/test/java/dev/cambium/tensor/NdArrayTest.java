package dev.cambium.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.cambium.CambiumException;

class NdArrayTest {
    private static NdArray halves(DType dtype, short... bits) {
        return NdArray.of(new TensorType(dtype, Shape.of(bits.length)), MemorySegment.ofArray(bits));
    }

    @Test
    void values_of_every_type_are_read_as_numbers() {
        assertThat(NdArray.of(Shape.of(2), 1.5f, -2).toDoubleArray()).containsExactly(1.5, -2);
        assertThat(NdArray.of(Shape.of(2), 1.5, -2).toDoubleArray()).containsExactly(1.5, -2);
        assertThat(NdArray.of(Shape.of(2), 7, -8).toLongArray()).containsExactly(7, -8);
        assertThat(NdArray.of(Shape.of(1), Long.MAX_VALUE).toLongArray()).containsExactly(Long.MAX_VALUE);
        assertThat(NdArray.of(Shape.of(2), true, false).toLongArray()).containsExactly(1, 0);
        assertThat(NdArray.ofUnsignedBytes(Shape.of(2), (byte) 255, (byte) 1).toDoubleArray()).containsExactly(255, 1);
        assertThat(halves(DType.FLOAT16, Float.floatToFloat16(0.5f), Float.floatToFloat16(-65504)).toDoubleArray())
                .containsExactly(0.5, -65504);
        assertThat(halves(DType.BFLOAT16, (short) 0x3F80, (short) 0xC000).toDoubleArray()).containsExactly(1, -2);
    }

    @Test
    void the_factories_set_the_type() {
        assertThat(NdArray.of(Shape.of(1), 1f).type()).hasToString("float32[1]");
        assertThat(NdArray.of(Shape.of(1), 1.0).type()).hasToString("float64[1]");
        assertThat(NdArray.of(Shape.of(1), 1).type()).hasToString("int32[1]");
        assertThat(NdArray.of(Shape.of(1), 1L).type()).hasToString("int64[1]");
        assertThat(NdArray.of(Shape.of(1), true).type()).hasToString("bool[1]");
        assertThat(NdArray.ofUnsignedBytes(Shape.of(1), (byte) 1).type()).hasToString("uint8[1]");
        assertThat(NdArray.scalar(1f).type()).hasToString("float32[]");
        assertThat(NdArray.scalar(1L).type()).hasToString("int64[]");
    }

    @ParameterizedTest
    @EnumSource
    void zeros_are_zero_in_every_type(DType dtype) {
        NdArray zeros = NdArray.zeros(new TensorType(dtype, Shape.of(2, 3)));
        assertThat(zeros.dtype()).isEqualTo(dtype);
        assertThat(zeros.shape()).isEqualTo(Shape.of(2, 3));
        assertThat(zeros.segment().byteSize()).isEqualTo(6L * dtype.bytes());
        assertThat(zeros.toDoubleArray()).containsOnly(0).hasSize(6);
        assertThat(NdArray.zeros(new TensorType(dtype, Shape.of(0))).size()).isZero();
    }

    @Test
    void more_elements_than_an_array_holds_are_refused() {
        assertThatThrownBy(() -> NdArray.zeros(new TensorType(DType.FLOAT32, Shape.of(100_000, 100_000))))
                .isInstanceOf(CambiumException.class).hasMessage(
                        "float32[100000, 100000] has 10000000000 elements, more than the 2147483647 that fit into an array");
    }

    @Test
    void numbers_convert_between_types() {
        NdArray reals = NdArray.of(Shape.of(3), 1.9, -1.9, 1e10);
        assertThat(reals.toLongArray()).containsExactly(1, -1, 10_000_000_000L);
        assertThat(reals.toFloatArray()).containsExactly(1.9f, -1.9f, 1e10f);
        assertThat(NdArray.of(Shape.of(2), 3, 4).toFloatArray()).containsExactly(3, 4);
    }

    @Test
    void the_number_of_values_must_fit_the_shape() {
        assertThatIllegalArgumentException().isThrownBy(() -> NdArray.of(Shape.of(2), 1f, 2f, 3f))
                .withMessage("float32[2] takes 8 bytes, but 12 are given");
        assertThatIllegalArgumentException().isThrownBy(() -> NdArray.of(Shape.of(2, 2), 1f).reshape(3));
    }

    @Test
    void a_reshaped_array_has_the_same_elements() {
        NdArray array = NdArray.of(Shape.of(6), 1, 2, 3, 4, 5, 6).reshape(2, 3);
        assertThat(array.shape()).isEqualTo(Shape.of(2, 3));
        assertThat(array.toLongArray()).containsExactly(1, 2, 3, 4, 5, 6);
        assertThatIllegalArgumentException().isThrownBy(() -> array.reshape(4))
                .withMessage("int32[4] takes 16 bytes, but 24 are given");
    }

    @Test
    void what_is_read_can_not_change_the_array() {
        NdArray array = NdArray.of(Shape.of(2), 1f, 2f);
        array.toFloatArray()[0] = 9;
        assertThat(array.getDouble(0)).isEqualTo(1);
        assertThat(array.segment().isReadOnly()).isTrue();
        assertThatThrownBy(() -> array.segment().set(ValueLayout.JAVA_FLOAT, 0, 9f))
                .isInstanceOf(IllegalArgumentException.class);
        boolean[] given = {true, false};
        NdArray truths = NdArray.of(Shape.of(2), given);
        given[0] = false;
        assertThat(truths.getLong(0)).isEqualTo(1);
    }

    @Test
    void an_element_outside_is_refused() {
        NdArray array = NdArray.of(Shape.of(2), 1f, 2f);
        assertThatThrownBy(() -> array.getDouble(2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> array.getDouble(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void only_a_single_element_is_an_item() {
        assertThat(NdArray.scalar(3L).item()).isEqualTo(3);
        assertThat(NdArray.of(Shape.of(1, 1), 2.5f).item()).isEqualTo(2.5);
        assertThatIllegalStateException().isThrownBy(() -> NdArray.of(Shape.of(2), 1, 2).item())
                .withMessage("int32[2] has 2 elements, not one");
    }

    @Test
    void arrays_are_equal_when_type_and_bits_are() {
        NdArray array = NdArray.of(Shape.of(2), 1f, Float.NaN);
        assertThat(array).isEqualTo(NdArray.of(Shape.of(2), 1f, Float.NaN))
                .hasSameHashCodeAs(NdArray.of(Shape.of(2), 1f, Float.NaN))
                .isNotEqualTo(NdArray.of(Shape.of(1, 2), 1f, Float.NaN))
                .isNotEqualTo(NdArray.of(Shape.of(2), 1.0, Double.NaN));
        assertThat(NdArray.scalar(0f)).isNotEqualTo(NdArray.scalar(-0f));
        assertThat(NdArray.of(Shape.of(0), new float[0]))
                .isEqualTo(NdArray.zeros(new TensorType(DType.FLOAT32, Shape.of(0))));
    }

    @Test
    void text_shows_the_type_and_nests_the_elements() {
        assertThat(NdArray.of(Shape.of(2, 2), 1, 2, 3, 4)).hasToString("int32[2, 2] [[1, 2], [3, 4]]");
        assertThat(NdArray.scalar(1.5f)).hasToString("float32[] 1.50000");
        assertThat(NdArray.of(Shape.of(2), true, false)).hasToString("bool[2] [true, false]");
        assertThat(NdArray.of(Shape.of(2), 1e-9, Double.NaN)).hasToString("float64[2] [1.00000e-09, NaN]");
        assertThat(NdArray.of(Shape.of(0, 3), new long[0])).hasToString("int64[0, 3] []");
    }

    @Test
    void text_of_many_elements_is_cut_short() {
        assertThat(NdArray.zeros(new TensorType(DType.INT32, Shape.of(2, 501))))
                .hasToString("int32[2, 501] [[0, 0, 0, …, 0, 0, 0], [0, 0, 0, …, 0, 0, 0]]");
        assertThat(NdArray.zeros(new TensorType(DType.UINT8, Shape.of(1000))).toString()).doesNotContain("…");
    }
}
