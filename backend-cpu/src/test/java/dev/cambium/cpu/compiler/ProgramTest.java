package dev.cambium.cpu.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.SequencedMap;

import org.junit.jupiter.api.Test;

import dev.cambium.cpu.kernels.Products;
import dev.cambium.tck.RandomGraph;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Variable;
import dev.cambium.tensor.Window2d;

/** The compiled program as a whole. */
class ProgramTest {
    private static final TensorType TYPE = new TensorType(DType.FLOAT32, Shape.of(2, 3));
    private static final Variable WEIGHT = new Variable("weight", TYPE, Variable.Role.PARAMETER);

    private static Program compile(Graph graph) {
        return Program.compile(graph, Stages.elements(graph), Products.best(), true, 2, Optional.empty());
    }

    private static Graph step() {
        SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
        SequencedMap<Variable, Tensor> updates = new LinkedHashMap<>();
        Tensor product = WEIGHT.read().add(1).matmul(Tensor.input("x", TYPE).transpose());
        outputs.put("product", product);
        updates.put(WEIGHT, WEIGHT.read().mul(product.sum()).exp());
        return new Graph(outputs, updates);
    }

    @Test
    void a_program_reads_as_its_phases_and_steps() {
        assertThat(compile(step()).toString()).startsWith("""
                sequence
                  elementwise [%0 weight [2, 3], %1 constant [2, 3] by [0, 0] from 0] → [%3 elementwise [2, 3]]: add
                  matmul %3 elementwise [1, 2, 3] · %2 x [1, 3, 2] by [0, 1, 3] from 0 → %4 matmul [1, 2, 2]
                  reduce_sum %4 matmul [2, 2] → %5 reduce []
                  elementwise [%0 weight [2, 3], %5 reduce [2, 3] by [0, 0] from 0] → [%6 elementwise [2, 3]]: mul exp
                """).containsPattern("\\n\\d+ KB\\n$");
    }

    @Test
    void a_graph_always_becomes_the_same_program() {
        for (long seed = 0; seed < 100; seed++) {
            String once = compile(new RandomGraph(seed).graph()).toString();
            assertThat(compile(new RandomGraph(seed).graph())).as("seed %d", seed).hasToString(once);
        }
    }

    @Test
    void phases_are_run_part_by_part_in_any_order_on_any_lane() {
        assertThat(run(step(), Map.of("x", NdArray.of(TYPE.shape(), 1, 2, 3, 4, 5, 6f))))
                .containsExactly(Map.entry("product", NdArray.of(Shape.of(2, 2), 6, 15, 6, 15f)));
    }

    @Test
    void a_bias_and_relu_in_a_pooled_convolution_give_what_they_give_by_themselves() {
        for (int batch : new int[] {1, 3}) {
            Tensor sum = Tensor.input("x", new TensorType(DType.FLOAT32, Shape.of(batch, 2, 12, 10)))
                    .conv2d(Tensor.input("w", new TensorType(DType.FLOAT32, Shape.of(32, 2, 3, 3))),
                            Window2d.square(3, 1).padded(1), 1)
                    .add(Tensor.input("b", new TensorType(DType.FLOAT32, Shape.of(32))).reshape(32, 1, 1)).maxPool2d(2);
            Map<String, NdArray> inputs = Map.of("x", random(Shape.of(batch, 2, 12, 10)), "w",
                    random(Shape.of(32, 2, 3, 3)), "b", random(Shape.of(32)));
            SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
            outputs.put("y", sum.relu());
            outputs.put("sum", sum);
            NdArray alone = Objects.requireNonNull(run(Graph.of("y", sum.relu()), inputs).get("y"));
            assertThat(alone).isEqualTo(run(Graph.of(outputs), inputs).get("y"));
            assertThat(alone.toFloatArray()).contains(0).doesNotContain(-0f);
        }
    }

    private static NdArray random(Shape shape) {
        var random = new Random(7);
        float[] values = new float[(int) shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return NdArray.of(shape, values);
    }

    private static Map<String, NdArray> run(Graph graph, Map<String, NdArray> inputs) {
        Program program = compile(graph);
        program.read(inputs);
        for (int phase = 0; phase < program.phases(); phase++) {
            for (int part = program.parts(phase) - 1; part >= 0; part--) {
                program.run(phase, part, part % 2);
            }
        }
        return program.results();
    }

    @Test
    void a_large_left_factor_whose_columns_lie_side_by_side_is_transposed_first() {
        int steps = 150;
        int rows = 130;
        int columns = 64;
        float[] left = new float[steps * rows];
        float[] right = new float[steps * columns];
        float[] expected = new float[rows * columns];
        for (int i = 0; i < left.length; i++) {
            left[i] = i % 7 - 3;
        }
        for (int i = 0; i < right.length; i++) {
            right[i] = i % 11 - 5;
        }
        for (int i = 0; i < expected.length; i++) {
            for (int step = 0; step < steps; step++) {
                expected[i] += left[step * rows + i / columns] * right[step * columns + i % columns];
            }
        }
        NdArray a = NdArray.of(Shape.of(steps, rows), left);
        NdArray b = NdArray.of(Shape.of(steps, columns), right);
        Graph graph = Graph.of("product",
                Tensor.input("a", a.type()).transpose().matmul(Tensor.input("b", b.type())));
        assertThat(compile(graph).toString()).contains("transpose %0 a", "matmul");
        assertThat(run(graph, Map.of("a", a, "b", b))).containsExactly(
                Map.entry("product", NdArray.of(Shape.of(rows, columns), expected)));
        assertThat(compile(Graph.of("product", Tensor.input("a", a.type()).transpose()
                .matmul(Tensor.input("b", b.type()).slice(1, 0, 10)))).toString()).as("few columns")
                        .doesNotContain("transpose %");
    }

    @Test
    void a_variable_without_a_place_is_named() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Program.compile(step(), Map.of(), Products.best(), true, 1, Optional.empty()))
                .withMessage("variable weight has no buffer");
    }
}
