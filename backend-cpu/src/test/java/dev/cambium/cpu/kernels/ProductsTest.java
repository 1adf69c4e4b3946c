package dev.cambium.cpu.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.attribute.CodeAttribute;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("kernels")
class ProductsTest {
    static Stream<Products> implementations() {
        return Stream.of(Products.best(), Products.scalar());
    }

    @Test
    void vectors_are_used_unless_there_is_a_limitation() {
        boolean loaded = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        if (loaded && FusedMultiplyAdd.AVAILABLE) {
            assertThat(Products.limitation()).isEmpty();
            assertThat(Products.best().getClass().getSimpleName()).isEqualTo("VectorProducts");
        } else {
            assertThat(Products.limitation()).get().asString().contains(loaded ? "UseFMA" : "--add-modules");
            assertThat(Products.best()).isInstanceOf(ScalarProducts.class);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 32", "32, 32", "33, 48", "48, 48", "49, 64", "64, 64", "65, 80", "80, 80", "81, 96",
            "100, 112", "144, 144", "128, 128"})
    void an_operand_is_padded_to_whole_panels(int columns, int packed) {
        assertThat(new Panels(64, 48, 32).packedWidth(columns)).isEqualTo(packed);
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void the_peak_is_a_rate(Products products) {
        assertThat(products.peak()).isGreaterThan(1e6).isLessThan(1e13);
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void warm_up_and_line_search_end(Products products) {
        products.warmUp();
        assertThat(products.lineStart(new float[100_000])).isBetween(0, Alignment.LINE - 1);
        assertThat(products.lineStart(new float[3])).isBetween(0, Alignment.LINE - 1);
    }

    @Test
    void every_tile_is_small_enough_for_the_quick_compiler() throws IOException {
        for (var name : List.of("Tiles", "Peak", "Transposition", "ScalarProducts", "VectorProducts", "Matmul",
                "Convolution")) {
            try (var file = Products.class.getResourceAsStream(name + ".class")) {
                for (var method : ClassFile.of().parse(file.readAllBytes()).methods()) {
                    int length = method.findAttribute(Attributes.code()).map(CodeAttribute::codeLength).orElse(0);
                    assertThat(length).as(name + "." + method.methodName()).isLessThan(2000);
                }
            }
        }
    }
}
