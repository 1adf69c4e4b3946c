package dev.cambium.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import dev.cambium.backend.Backend;
import dev.cambium.backend.Buffer;
import dev.cambium.backend.Executable;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Gradients;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Variable;
import dev.cambium.tensor.Window2d;

/** Variables: all reads see the values before the run, all updates take effect together at its end. */
abstract class VariablesChecks {
    /** One size that runs as a whole, and one that is cut by sample. */
    private static final List<Shape> SHAPES = List.of(Shape.of(3, 4), Shape.of(40, 500), Shape.of(4099));

    @AutoClose
    private final Backend backend;
    private final SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
    private final SequencedMap<Variable, Tensor> updates = new LinkedHashMap<>();

    VariablesChecks(Backend backend) {
        this.backend = backend;
    }

    private static Variable variable(String name, Shape shape) {
        return new Variable(name, new TensorType(DType.FLOAT32, shape), Variable.Role.PARAMETER);
    }

    /** Runs the graph of the outputs and updates so far three times, and forgets them. */
    private void check(Variable... variables) {
        Map<Variable, NdArray> start = new LinkedHashMap<>();
        for (Variable variable : variables) {
            start.put(variable, Values.random(variable.type(), variable.name().hashCode()));
        }
        var graph = new Graph(outputs, updates);
        Agreement.SUMS.check(backend, graph, Map.of(), start, 3);
        outputs.clear();
        updates.clear();
    }

    @Test
    void a_variable_that_follows_from_itself() {
        for (Shape shape : SHAPES) {
            Variable a = variable("a", shape);
            updates.put(a, a.read().mul(0.5).add(1));
            check(a);
        }
    }

    @Test
    void an_output_that_is_the_variable_itself_shows_the_old_value() {
        for (Shape shape : SHAPES) {
            Variable a = variable("a", shape);
            outputs.put("old", a.read());
            outputs.put("old reversed", a.read().reverse(0));
            outputs.put("part of the old", a.read().slice(0, 1, 3));
            outputs.put("new", a.read().neg());
            updates.put(a, a.read().neg());
            check(a);
        }
    }

    @Test
    void others_read_the_old_value() {
        for (Shape shape : SHAPES) {
            Variable a = variable("a", shape);
            Variable b = variable("b", shape);
            outputs.put("sum", a.read().sum());
            outputs.put("of both", a.read().add(b.read()).sum(0));
            updates.put(a, a.read().add(1));
            updates.put(b, a.read().mul(b.read()));
            check(a, b);
        }
    }

    @Test
    void two_variables_swap_their_values() {
        for (Shape shape : SHAPES) {
            Variable a = variable("a", shape);
            Variable b = variable("b", shape);
            updates.put(a, b.read());
            updates.put(b, a.read());
            check(a, b);
        }
    }

    @Test
    void three_variables_pass_their_values_on_in_a_circle() {
        for (Shape shape : SHAPES) {
            Variable a = variable("a", shape);
            Variable b = variable("b", shape);
            Variable c = variable("c", shape);
            updates.put(a, b.read().add(1));
            updates.put(b, c.read());
            updates.put(c, a.read().neg());
            outputs.put("all", a.read().add(b.read()).add(c.read()));
            check(a, b, c);
        }
    }

    @Test
    void a_variable_takes_the_old_value_of_one_that_is_overwritten() {
        for (Shape shape : SHAPES) {
            Variable a = variable("a", shape);
            Variable b = variable("b", shape);
            updates.put(a, a.read().mul(2));
            updates.put(b, a.read());
            check(a, b);
            updates.put(b, a.read());
            updates.put(a, a.read().mul(2));
            check(a, b);
        }
    }

    @Test
    void one_value_for_two_variables() {
        for (Shape shape : SHAPES) {
            Variable a = variable("a", shape);
            Variable b = variable("b", shape);
            Tensor value = a.read().add(b.read());
            outputs.put("value", value);
            updates.put(a, value);
            updates.put(b, value);
            check(a, b);
        }
    }

    @Test
    void a_variable_keeps_its_value() {
        for (Shape shape : SHAPES) {
            Variable a = variable("a", shape);
            updates.put(a, a.read());
            outputs.put("twice", a.read().mul(2));
            check(a);
        }
    }

    @Test
    void a_variable_takes_part_of_another_transposed_reversed_or_repeated() {
        Variable square = variable("square", Shape.of(70, 70));
        Variable other = variable("other", Shape.of(70, 70));
        Variable row = variable("row", Shape.of(70));
        Variable large = variable("large", Shape.of(90, 80));
        updates.put(square, square.read().transpose());
        check(square);
        updates.put(square, other.read().transpose());
        updates.put(other, square.read().reverse(0, 1));
        check(square, other);
        updates.put(square, row.read().broadcastTo(square.type().shape()));
        updates.put(row, square.read().index(0, 3));
        check(square, row);
        updates.put(square, large.read().slice(0, 10, 80).slice(1, 0, 70));
        updates.put(large, large.read().add(1));
        check(square, large);
        updates.put(large, large.read().add(1));
        updates.put(square, large.read().slice(0, 10, 80).slice(1, 0, 70));
        check(square, large);
        updates.put(square, square.read().slice(0, 0, 1).broadcastTo(square.type().shape()));
        check(square);
        updates.put(square, square.read().add(square.read().transpose()));
        check(square);
        updates.put(square, square.read().sub(square.read().slice(1, 0, 1)));
        check(square);
        updates.put(square, square.read().reshape(7, 700).mul(2).reshape(70, 70));
        check(square);
        updates.put(square, square.read().sum(0).broadcastTo(square.type().shape()));
        check(square);
    }

    @Test
    void a_later_operation_of_the_same_pass_still_reads_the_old_value() {
        for (Shape shape : SHAPES) {
            Variable a = variable("a", shape);
            Variable b = variable("b", shape);
            Tensor next = a.read().mul(0.5);
            updates.put(a, next);
            updates.put(b, next.add(a.read()).mul(a.read()));
            check(a, b);
            Tensor first = b.read().mul(0.5);
            updates.put(b, first);
            updates.put(a, first.add(a.read()));
            outputs.put("difference", first.sub(b.read()));
            check(a, b);
        }
    }

    @Test
    void products_convolutions_and_copies_write_over_variables() {
        Variable a = variable("a", Shape.of(40, 40));
        Variable b = variable("b", Shape.of(40, 40));
        Variable images = variable("images", Shape.of(20, 3, 8, 8));
        Variable weights = variable("weights", Shape.of(3, 3, 3, 3));
        updates.put(a, b.read().matmul(b.read()).mul(0.01));
        updates.put(b, a.read().matmul(b.read()));
        outputs.put("trace", a.read().mul(b.read()).sum());
        check(a, b);
        updates.put(a, a.read().matmul(a.read()));
        check(a);
        updates.put(a, b.read().matmul(b.read()));
        updates.put(b, b.read().slice(0, 1, 40).pad(0, 0, 1));
        check(a, b);
        Window2d window = Window2d.square(3, 1).padded(1);
        Tensor result = images.read().conv2d(weights.read(), window, 1).tanh();
        outputs.put("mean", result.mean());
        updates.put(images, result);
        updates.put(weights, Gradients.of(result.sum(), List.of(weights.read())).get(0));
        check(images, weights);
        updates.put(a, Tensor.concat(0, List.of(a.read().slice(0, 20, 40), b.read().slice(0, 0, 20))));
        updates.put(b, a.read().gather(Tensor.iota(new TensorType(DType.INT64, Shape.of(40)), 0)));
        check(a, b);
        updates.put(a, a.read().scatterAdd(Tensor.iota(new TensorType(DType.INT64, Shape.of(40)), 0), b.read()));
        updates.put(b, a.read().max(0).broadcastTo(Shape.of(40, 40)));
        check(a, b);
    }

    @Test
    void variables_take_constants_and_counts() {
        Variable a = variable("a", Shape.of(20, 30));
        Variable b = variable("b", Shape.of(20, 30));
        updates.put(a, Tensor.full(a.type(), 3));
        updates.put(b, Tensor.iota(b.type(), 1));
        outputs.put("old", a.read().add(b.read()));
        check(a, b);
    }

    @Test
    void variables_take_inputs() {
        Variable a = variable("a", Shape.of(20, 30));
        Tensor input = Tensor.input("x", a.type());
        updates.put(a, input);
        outputs.put("difference", a.read().sub(input));
        outputs.put("input", input);
        Agreement.EXACT.check(backend, new Graph(outputs, updates), Map.of("x", Values.random(a.type(), 1)),
                Map.of(a, Values.random(a.type(), 2)), 2);
    }

    @Test
    void scalars_and_empty_variables() {
        for (Shape shape : List.of(Shape.scalar(), Shape.of(1), Shape.of(0, 3))) {
            Variable a = variable("a", shape);
            Variable b = variable("b", shape);
            updates.put(a, a.read().add(b.read()));
            updates.put(b, a.read());
            outputs.put("old", a.read());
            check(a, b);
        }
    }

    @Test
    void an_integer_counts_runs() {
        var step = new Variable("step", new TensorType(DType.INT64, Shape.scalar()), Variable.Role.RUN);
        Variable a = variable("a", Shape.of(20));
        updates.put(step, step.read().add(1));
        updates.put(a, a.read().add(step.read().cast(DType.FLOAT32)));
        outputs.put("step", step.read());
        outputs.put("next", step.read().add(1));
        Agreement.EXACT.check(backend, new Graph(outputs, updates), Map.of(), Map.of(step, NdArray.scalar(41L), a,
                Values.whole(a.type(), 5, 1)), 4);
    }

    @Test
    void executables_share_variables() {
        Variable a = variable("a", Shape.of(6));
        Variable b = variable("b", Shape.of(6));
        updates.put(a, a.read().add(b.read()));
        var add = new Graph(outputs, updates);
        updates.clear();
        updates.put(a, b.read());
        updates.put(b, a.read());
        var swap = new Graph(outputs, updates);
        outputs.put("sum", a.read().sum());
        updates.clear();
        var sum = new Graph(outputs, updates);
        try (Buffer first = backend.buffer(NdArray.of(Shape.of(6), 1, 2, 3, 4, 5, 6f));
                Buffer second = backend.buffer(NdArray.of(Shape.of(6), 10, 20, 30, 40, 50, 60f));
                Executable adding = backend.compile(add, Map.of(a, first, b, second));
                Executable swapping = backend.compile(swap, Map.of(a, first, b, second));
                Executable summing = backend.compile(sum, Map.of(a, first, b, second))) {
            adding.run(Map.of());
            assertThat(sum(summing)).isEqualTo(231);
            swapping.run(Map.of());
            assertThat(sum(summing)).isEqualTo(210);
            adding.run(Map.of());
            assertThat(first.read().toFloatArray()).containsExactly(21, 42, 63, 84, 105, 126);
            first.write(NdArray.of(Shape.of(6), 0, 0, 0, 0, 0, 1f));
            assertThat(sum(summing)).isEqualTo(1);
            assertThat(second.read().toFloatArray()).containsExactly(11, 22, 33, 44, 55, 66);
        }
    }

    private static double sum(Executable executable) {
        return executable.run(Map.of()).firstEntry().getValue().item();
    }

    // ---- optimizers

    private interface Rule {
        Tensor next(Variable parameter, Tensor gradient, Map<Variable, Tensor> updates);
    }

    private static Variable slot(String name, Variable parameter) {
        return variable(name + "." + parameter.name(), parameter.type().shape());
    }

    private static Tensor momentum(Variable parameter, Tensor gradient, Map<Variable, Tensor> updates) {
        Variable velocity = slot("velocity", parameter);
        Tensor next = velocity.read().mul(0.9).add(gradient);
        updates.put(velocity, next);
        return parameter.read().sub(next.mul(0.05));
    }

    private static Tensor adam(Variable parameter, Tensor gradient, Map<Variable, Tensor> updates) {
        Variable first = slot("first", parameter);
        Variable second = slot("second", parameter);
        Tensor mean = first.read().mul(0.9).add(gradient.mul(0.1));
        Tensor square = second.read().mul(0.999).add(gradient.mul(gradient).mul(0.001));
        updates.put(first, mean);
        updates.put(second, square);
        return parameter.read().sub(mean.mul(0.01).div(square.sqrt().add(0.01)));
    }

    private void trains(Rule rule) {
        Variable filter = variable("filter", Shape.of(4, 2, 3, 3));
        Variable weight = variable("weight", Shape.of(3, 4 * 5 * 4));
        Variable bias = variable("bias", Shape.of(3));
        Tensor images = Tensor.input("images", new TensorType(DType.FLOAT32, Shape.of(18, 2, 10, 8)));
        Tensor labels = Tensor.input("labels", new TensorType(DType.INT64, Shape.of(18)));
        Tensor hidden = images.conv2d(filter.read(), Window2d.square(3, 1).padded(1), 1).tanh().maxPool2d(2).flatten(1);
        Tensor scores = hidden.matmul(weight.read().transpose()).add(bias.read()).logSoftmax(1);
        Tensor loss = scores.mul(labels.oneHot(3, DType.FLOAT32)).sum(1).mean().neg();
        List<Variable> parameters = List.of(filter, weight, bias);
        List<Tensor> gradients = Gradients.of(loss,
                parameters.stream().map(parameter -> read(loss, parameter)).toList());
        for (int i = 0; i < parameters.size(); i++) {
            updates.put(parameters.get(i), rule.next(parameters.get(i), gradients.get(i), updates));
        }
        outputs.put("loss", loss);
        var graph = new Graph(outputs, updates);
        Map<Variable, NdArray> start = new LinkedHashMap<>();
        graph.variables().forEach(variable -> start.put(variable, parameters.contains(variable)
                ? Values.whole(variable.type(), 4, variable.name().length())
                : NdArray.zeros(variable.type())));
        start.computeIfPresent(weight, (_, value) -> scaled(value, 0.02f));
        start.computeIfPresent(filter, (_, value) -> scaled(value, 0.1f));
        Map<String, NdArray> inputs = Map.of("images", Values.random(images.type(), 3), "labels",
                Values.of(labels.type(), 0, 1, 2, 2, 1, 0, 0, 1, 2, 2, 1, 0, 0, 1, 2, 2, 1, 0));
        Agreement.TRAINING.check(backend, graph, inputs, start, 6);
    }

    private static Tensor read(Tensor loss, Variable variable) {
        return Graph.of("loss", loss).tensors().stream()
                .filter(tensor -> tensor.op() instanceof dev.cambium.tensor.Op.ReadVariable(Variable read)
                        && read.equals(variable))
                .findFirst().orElseThrow();
    }

    private static NdArray scaled(NdArray array, float factor) {
        float[] values = array.toFloatArray();
        for (int i = 0; i < values.length; i++) {
            values[i] *= factor;
        }
        return NdArray.of(array.shape(), values);
    }

    @Test
    void gradient_descent_with_momentum_follows_the_reference() {
        trains(VariablesChecks::momentum);
    }

    @Test
    void adam_follows_the_reference() {
        trains(VariablesChecks::adam);
    }
}
