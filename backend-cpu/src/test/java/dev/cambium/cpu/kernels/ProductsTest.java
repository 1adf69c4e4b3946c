package dev.cambium.cpu.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ProductsTest {
    static Stream<Products> implementations() {
        return Stream.of(Products.best(), Products.scalar());
    }

    @Test
    void the_vector_implementation_is_chosen_where_the_incubator_module_is() {
        boolean present = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
                && FusedMultiplyAdd.AVAILABLE;
        assertThat(Products.best().getClass().getSimpleName()).isEqualTo(present ? "VectorProducts" : "ScalarProducts");
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 32", "32, 32", "33, 64", "64, 64", "65, 96", "100, 128", "128, 128"})
    void an_operand_is_padded_to_whole_panels(int columns, int packed) {
        assertThat(new Panels(64, 32).packedWidth(columns)).isEqualTo(packed);
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void warm_up_and_line_search_end(Products products) {
        products.warmUp();
        assertThat(products.lineStart(new float[100_000])).isBetween(0, Alignment.LINE - 1);
        assertThat(products.lineStart(new float[3])).isBetween(0, Alignment.LINE - 1);
    }
}
