package dev.cambium.cpu.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;

import org.junit.jupiter.api.Test;

import dev.cambium.cpu.kernels.Products;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;

class VariableArrayTest {
    private static final int[] ROW_MAJOR = {0, 1};
    private static final int[] TRANSPOSED = {1, 0};
    private static final NdArray VALUE = NdArray.of(Shape.of(2, 3), 1f, 2f, 3f, 4f, 5f, 6f);

    private final VariableArray elements = VariableArray.of(VALUE, Products.best());

    private float[] inMemory() {
        var storage = new Storage(VALUE.dtype(), 6, "elements");
        elements.place(storage);
        return Arrays.copyOfRange(storage.floats(), storage.offset(), storage.offset() + 6);
    }

    @Test
    void the_first_program_decides_how_they_lie() {
        assertThat(elements.acquire(TRANSPOSED)).containsExactly(TRANSPOSED);
        assertThat(inMemory()).containsExactly(1, 4, 2, 5, 3, 6);
        assertThat(elements.acquire(ROW_MAJOR)).containsExactly(TRANSPOSED);
        assertThat(inMemory()).containsExactly(1, 4, 2, 5, 3, 6);
    }

    @Test
    void another_may_decide_anew_when_all_are_released() {
        elements.acquire(TRANSPOSED);
        elements.acquire(TRANSPOSED);
        elements.release();
        assertThat(elements.acquire(ROW_MAJOR)).containsExactly(TRANSPOSED);
        elements.release();
        elements.release();
        assertThat(elements.acquire(ROW_MAJOR)).containsExactly(ROW_MAJOR);
        assertThat(inMemory()).containsExactly(1, 2, 3, 4, 5, 6);
    }

    @Test
    void how_they_lie_is_not_seen_from_outside() {
        elements.acquire(TRANSPOSED);
        assertThat(elements.read()).isEqualTo(VALUE);
        NdArray other = NdArray.of(Shape.of(2, 3), 7f, 8f, 9f, 10f, 11f, 12f);
        elements.write(other);
        assertThat(inMemory()).containsExactly(7, 10, 8, 11, 9, 12);
        assertThat(elements.read()).isEqualTo(other);
    }

    @Test
    void a_release_without_an_acquisition_is_a_mistake() {
        assertThatThrownBy(elements::release).isInstanceOf(IllegalStateException.class);
    }
}
