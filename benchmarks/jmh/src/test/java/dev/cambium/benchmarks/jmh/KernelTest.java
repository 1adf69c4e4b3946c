package dev.cambium.benchmarks.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import dev.cambium.tensor.NdArray;

class KernelTest {
    @Test
    void names_are_unique() {
        assertThat(Kernel.all().stream().map(Kernel::name)).doesNotHaveDuplicates()
                .noneMatch(name -> name.contains(","));
    }

    @Test
    void a_product_counts_a_multiply_add_twice_and_each_matrix_once() {
        Kernel product = Kernel.of("product 1024 × 1024 × 1024");
        assertThat(product.flop()).isEqualTo(2.0 * (1 << 30));
        assertThat(product.bytes()).isEqualTo(3.0 * 4 * (1 << 20));
    }

    @Test
    void adam_reads_four_arrays_and_writes_three() {
        assertThat(Kernel.of("Adam").bytes()).isEqualTo(7.0 * 4 * 3_146_634);
    }

    @Test
    void the_operand_with_zeros_has_the_density_and_each_set_others() {
        Kernel kernel = Kernel.of("conv2 input gradient skipping zeros");
        NdArray values = kernel.values(kernel.zeros().orElseThrow(), 0.1, 1);
        float[] floats = values.toFloatArray();
        int alive = 0;
        for (float value : floats) {
            alive += value > 0 ? 1 : 0;
        }
        assertThat((double) alive / floats.length).isBetween(0.095, 0.105);
        assertThat(kernel.values(kernel.zeros().orElseThrow(), 0.1, 2).toFloatArray()).isNotEqualTo(floats);
    }
}
