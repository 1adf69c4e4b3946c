package dev.cambium.cpu.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.attribute.CodeAttribute;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
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

    @ParameterizedTest
    @MethodSource("implementations")
    void consecutive_steps_give_the_bits_of_steps_apart(Products products) {
        int inner = 37;
        float[] dense = random(13 * inner);
        float[] spread = new float[2 * dense.length];
        for (int i = 0; i < dense.length; i++) {
            spread[2 * i] = dense[i];
        }
        float[] right = random(inner * 64);
        for (int rows = 1; rows <= 12; rows++) {
            for (int columns : new int[] {64, 63, 48, 32, 17, 1}) {
                for (int from : new int[] {0, 5, inner}) {
                    for (boolean accumulate : new boolean[] {false, true}) {
                        assertThat(product(products, dense, 1, rows, columns, from, right, accumulate))
                                .as("%d rows, %d columns, steps from %d", rows, columns, from)
                                .isEqualTo(product(products, spread, 2, rows, columns, from, right, accumulate));
                    }
                }
            }
        }
    }

    /** Of rows of 37 steps that are a stride apart, from the second row on; what it may be added to is ones. */
    private static float[] product(Products products, float[] left, int stride, int rows, int columns, int from,
            float[] right, boolean accumulate) {
        int taken = Math.min(columns, products.panels().wide());
        float[] result = new float[rows * 64];
        Arrays.fill(result, 1);
        products.product(left, 37 * stride, Products.offsets(rows, 37 * stride), 0, rows, Steps.apart(37, stride), from,
                37, right, 0, 64, result, 0, Products.offsets(rows, 64), taken, accumulate,
                new float[products.edgeScratch()], 0);
        return result;
    }

    private static float[] random(int count) {
        var random = new SplittableRandom(1);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextDouble(-1, 1);
        }
        return values;
    }

    @Test
    void steps_know_whether_they_are_consecutive() {
        assertThat(Steps.at(new int[] {3, 4, 5}).consecutive()).isTrue();
        assertThat(Steps.at(new int[] {3, 5, 4, 6}).consecutive()).isFalse();
        assertThat(Steps.at(new int[] {0, 4, 2}).consecutive()).isFalse();
        assertThat(Steps.apart(4, 2).consecutive()).isFalse();
        assertThat(Steps.apart(1, 7).consecutive()).isTrue();
        assertThat(Steps.at(new int[0]).consecutive()).isTrue();
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
