package dev.cambium.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

import org.junit.jupiter.api.Test;

import dev.cambium.backend.Backend;
import dev.cambium.backend.Buffer;
import dev.cambium.backend.Executable;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Op;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Variable;

class SubnormalsTest {
    private static final TensorType TYPE = new TensorType(DType.FLOAT32, Shape.of(5));

    /** What a variable holds after it was halved. */
    private static float[] halved(Variable.Role role, float... values) {
        var variable = new Variable("state", TYPE, role);
        SequencedMap<Variable, Tensor> updates = new LinkedHashMap<>();
        updates.put(variable, Tensor.of(new Op.ReadVariable(variable), TYPE, List.of()).mul(0.5));
        try (Backend backend = new CpuBackendProvider("cpu", 1, true).open();
                Buffer buffer = backend.buffer(NdArray.of(TYPE.shape(), values));
                Executable executable = backend.compile(new Graph(new LinkedHashMap<>(), updates),
                        Map.of(variable, buffer))) {
            executable.run(Map.of());
            return buffer.read().toFloatArray();
        }
    }

    @Test
    void an_optimizers_state_becomes_zero_instead() {
        assertThat(halved(Variable.Role.SLOT, Float.MIN_NORMAL, -Float.MIN_NORMAL, 2048 * Float.MIN_NORMAL, 1,
                Float.NaN)).containsExactly(0, 0, 1024 * Float.MIN_NORMAL, 0.5f, Float.NaN);
    }

    @Test
    void it_does_so_before_a_product_with_it_would_be_subnormal() {
        assertThat(halved(Variable.Role.SLOT, 2047 * Float.MIN_NORMAL, -2047 * Float.MIN_NORMAL,
                -2048 * Float.MIN_NORMAL, 0, Float.POSITIVE_INFINITY))
                        .containsExactly(0, 0, -1024 * Float.MIN_NORMAL, 0, Float.POSITIVE_INFINITY);
    }

    @Test
    void parameters_keep_them() {
        assertThat(halved(Variable.Role.PARAMETER, Float.MIN_NORMAL, -Float.MIN_NORMAL, 2 * Float.MIN_NORMAL, 1,
                Float.NaN))
                        .containsExactly(Float.MIN_NORMAL / 2, -Float.MIN_NORMAL / 2, Float.MIN_NORMAL, 0.5f,
                                Float.NaN);
    }
}
