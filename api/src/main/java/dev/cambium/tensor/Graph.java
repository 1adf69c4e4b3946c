package dev.cambium.tensor;

import static dev.cambium.Stability.Level.STABLE;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;

import dev.cambium.Stability;

/**
 * A whole computation, ready to be compiled: named outputs, and new values for variables. All reads of variables see the values
 * before the run; all updates take effect together at its end.
 *
 * @param outputs
 *            what a run returns, by name
 * @param updates
 *            the new values of variables, of the variables' types
 */
@Stability(value = STABLE, since = "0.1")
public record Graph(SequencedMap<String, Tensor> outputs, SequencedMap<Variable, Tensor> updates) {
    /**
     * Checks that updates have their variables' types, and that one name of an input or a variable means one thing.
     *
     * @throws IllegalArgumentException
     *             if not
     */
    public Graph {
        outputs = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(outputs));
        updates = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(updates));
        updates.forEach((variable, value) -> {
            if (!variable.type().equals(value.type())) {
                throw new IllegalArgumentException(
                        "the update of variable %s is %s, but the variable is %s".formatted(variable.name(),
                                value.type(), variable.type()));
            }
        });
        var names = new HashMap<String, Variable>();
        for (Variable variable : variables(outputs, updates)) {
            Variable other = names.put(variable.name(), variable);
            if (other != null) {
                throw new IllegalArgumentException(
                        "two variables are named %s: %s and %s".formatted(variable.name(), other, variable));
            }
        }
        var inputs = new HashMap<String, TensorType>();
        for (Tensor tensor : topological(roots(outputs, updates))) {
            if (tensor.op() instanceof Op.Input(String name)) {
                TensorType other = inputs.put(name, tensor.type());
                if (other != null && !other.equals(tensor.type())) {
                    throw new IllegalArgumentException(
                            "input %s is used as %s and as %s".formatted(name, other, tensor.type()));
                }
            }
        }
    }

    /** A graph that returns outputs and changes no variable. */
    public static Graph of(SequencedMap<String, Tensor> outputs) {
        return new Graph(outputs, new LinkedHashMap<>());
    }

    /** A graph that returns one output. */
    public static Graph of(String name, Tensor output) {
        var outputs = new LinkedHashMap<String, Tensor>();
        outputs.put(name, output);
        return of(outputs);
    }

    /** All tensors that the outputs and updates depend on, each after its inputs; bodies of regions are not entered. */
    public List<Tensor> tensors() {
        return topological(roots(outputs, updates));
    }

    /** The types of the inputs by name. */
    public SequencedMap<String, TensorType> inputs() {
        var inputs = new LinkedHashMap<String, TensorType>();
        for (Tensor tensor : tensors()) {
            if (tensor.op() instanceof Op.Input(String name)) {
                inputs.put(name, tensor.type());
            }
        }
        return inputs;
    }

    /** All variables read or updated. */
    public Set<Variable> variables() {
        return variables(outputs, updates);
    }

    /** This graph with each region replaced by its body. */
    public Graph withoutRegions() {
        var replaced = new HashMap<Tensor, Tensor>();
        var newOutputs = new LinkedHashMap<String, Tensor>();
        outputs.forEach((name, tensor) -> newOutputs.put(name, inlined(tensor, replaced)));
        var newUpdates = new LinkedHashMap<Variable, Tensor>();
        updates.forEach((variable, tensor) -> newUpdates.put(variable, inlined(tensor, replaced)));
        return new Graph(newOutputs, newUpdates);
    }

    private static Tensor inlined(Tensor root, Map<Tensor, Tensor> replaced) {
        for (Tensor tensor : topological(List.of(root))) {
            if (replaced.containsKey(tensor)) {
                continue;
            }
            List<Tensor> inputs = tensor.inputs().stream().map(replaced::get).toList();
            if (tensor.op() instanceof Op.Region region) {
                Map<Tensor, Tensor> body = new HashMap<>();
                for (int i = 0; i < inputs.size(); i++) {
                    body.put(region.parameters().get(i), inputs.get(i));
                }
                replaced.put(tensor, inlined(region.result(), body));
            } else {
                replaced.put(tensor, withInputs(tensor, inputs));
            }
        }
        return Objects.requireNonNull(replaced.get(root));
    }

    /** A tensor of the same operation over other inputs. */
    private static Tensor withInputs(Tensor tensor, List<Tensor> inputs) {
        return tensor.inputs().equals(inputs) ? tensor
                : LayerPath.within(tensor.path(), () -> Tensor.of(tensor.op(), tensor.type(), inputs));
    }

    /**
     * Tensors computed over other tensors in place of some that they depend on.
     *
     * @param tensors
     *            what to compute
     * @param replacements
     *            what stands in for what
     */
    static List<Tensor> substitute(List<Tensor> tensors, Map<Tensor, Tensor> replacements) {
        var replaced = new HashMap<>(replacements);
        for (Tensor each : topological(tensors)) {
            if (!replaced.containsKey(each)) {
                replaced.put(each, withInputs(each, each.inputs().stream().map(replaced::get).toList()));
            }
        }
        return tensors.stream().map(replaced::get).map(Objects::requireNonNull).toList();
    }

    /** All tensors that the roots depend on, each after its inputs, in an order that follows from the graph alone. */
    static List<Tensor> topological(Collection<Tensor> roots) {
        var done = Collections.newSetFromMap(new IdentityHashMap<Tensor, Boolean>());
        var order = new ArrayList<Tensor>();
        var stack = new ArrayDeque<Tensor>();
        for (Tensor root : roots) {
            stack.push(root);
            while (!stack.isEmpty()) {
                Tensor top = stack.peek();
                if (done.contains(top)) {
                    stack.pop();
                    continue;
                }
                List<Tensor> waiting = top.inputs().reversed().stream().filter(input -> !done.contains(input)).toList();
                if (waiting.isEmpty()) {
                    stack.pop();
                    done.add(top);
                    order.add(top);
                } else {
                    waiting.forEach(stack::push);
                }
            }
        }
        return order;
    }

    private static List<Tensor> roots(SequencedMap<String, Tensor> outputs, SequencedMap<Variable, Tensor> updates) {
        var roots = new ArrayList<>(outputs.values());
        roots.addAll(updates.values());
        return roots;
    }

    private static Set<Variable> variables(SequencedMap<String, Tensor> outputs,
            SequencedMap<Variable, Tensor> updates) {
        var variables = new LinkedHashSet<Variable>();
        for (Tensor tensor : topological(roots(outputs, updates))) {
            if (tensor.op() instanceof Op.ReadVariable(Variable variable)) {
                variables.add(variable);
            }
        }
        variables.addAll(updates.keySet());
        return variables;
    }

    /** The graph as text, one tensor a line: {@code %3 = add float32[2, 3] (%1, %2)   in cnn/fc1}. */
    @Override
    public String toString() {
        var numbers = new IdentityHashMap<Tensor, Integer>();
        var text = new StringBuilder();
        for (Tensor tensor : tensors()) {
            numbers.put(tensor, numbers.size());
            text.append('%').append(numbers.get(tensor)).append(" = ").append(attributes(tensor)).append(' ')
                    .append(tensor.type());
            if (!tensor.inputs().isEmpty()) {
                text.append(tensor.inputs().stream().map(input -> "%" + numbers.get(input))
                        .collect(Collectors.joining(", ", " (", ")")));
            }
            text.append(tensor.path().isEmpty() ? "\n" : "   in " + tensor.path() + "\n");
        }
        outputs.forEach((name, tensor) -> text.append(name).append(" → %").append(numbers.get(tensor)).append('\n'));
        updates.forEach((variable, tensor) -> text.append(variable.name()).append(" ← %").append(numbers.get(tensor))
                .append('\n'));
        return text.toString();
    }

    private static String attributes(Tensor tensor) {
        String name = OpNames.of(tensor.op());
        return switch (tensor.op()) {
            case Op.Input input -> name + " '" + input.name() + "'";
            case Op.ReadVariable read -> name + " " + read.variable().name();
            case Op.Constant constant ->
                    constant.value().size() == 1 ? name + " " + constant.value().getDouble(0) : name;
            case Op.Iota iota -> name + " axis=" + iota.axis();
            case Op.RandomBits random -> name + " stream=" + Integer.toUnsignedString(random.stream());
            case Op.Reduce reduce -> name + " axes=" + reduce.axes();
            case Op.ArgMax argMax -> name + " axis=" + argMax.axis();
            case Op.Transpose transpose -> name + " " + transpose.permutation();
            case Op.Slice slice -> name + " starts=" + slice.starts() + " steps=" + slice.steps();
            case Op.Pad pad -> name + " low=" + pad.low() + " high=" + pad.high() + " interior=" + pad.interior();
            case Op.Concat concat -> name + " axis=" + concat.axis();
            case Op.Reverse reverse -> name + " axes=" + reverse.axes();
            case Op.Conv2d conv -> name + " " + conv.window() + " groups=" + conv.groups();
            case Op.Conv2dInputGradient conv -> name + " " + conv.window() + " groups=" + conv.groups();
            case Op.Conv2dWeightGradient conv -> name + " " + conv.window() + " groups=" + conv.groups();
            case Op.MaxPool2d pool -> name + " " + pool.window();
            case Op.MaxPool2dGradient pool -> name + " " + pool.window();
            case Op.MaxPool2dPick pool -> name + " " + pool.window();
            case Op.SumPool2d pool -> name + " " + pool.window();
            case Op.SumPool2dGradient pool -> name + " " + pool.window();
            case Op.Unary _,Op.Binary _,Op.Compare _,Op.Select _,Op.Cast _,Op.StopGradient _,Op.Reshape _,Op.Broadcast _,Op.Gather _,Op.ScatterAdd _,Op.MatMul _,Op.Region _ ->
                    name;
        };
    }
}
