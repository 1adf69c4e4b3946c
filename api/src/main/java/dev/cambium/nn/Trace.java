package dev.cambium.nn;

import static dev.cambium.Stability.Level.STABLE;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;

import dev.cambium.Stability;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.LayerPath;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.RandomStream;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.ShapeException;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Variable;

/**
 * Traces a model: calls its layers once over symbolic tensors and records what they own. The result of a trace is a graph over
 * {@link #variables()}, with {@link #updates()} of the model's state.
 */
@Stability(value = STABLE, since = "0.1")
public final class Trace {
    /** The seed that all random numbers of a run follow from. */
    public static final Variable SEED = new Variable("run.seed", new TensorType(DType.INT64, Shape.scalar()),
            Variable.Role.RUN);

    /** The number of steps that were trained, 0 during the first. */
    public static final Variable STEP = new Variable("run.step", new TensorType(DType.INT64, Shape.scalar()),
            Variable.Role.RUN);

    /**
     * One layer that was called.
     *
     * @param path
     *            where it stands in the model, such as {@code conv1}; empty for the model itself
     * @param layer
     *            the layer
     * @param input
     *            the type of its input
     * @param output
     *            the type of its output
     */
    public record Call(String path, Layer layer, TensorType input, TensorType output) {}

    private final boolean training;
    private final DType dtype;
    private final SequencedMap<String, Variable> variables = new LinkedHashMap<>();
    private final Map<Variable, Tensor> reads = new HashMap<>();
    private final SequencedMap<Variable, Tensor> initialValues = new LinkedHashMap<>();
    private final Map<String, Integer> draws = new HashMap<>();
    private final SequencedMap<Variable, Tensor> updates = new LinkedHashMap<>();
    private final List<Call> calls = new ArrayList<>();

    /**
     * Starts a trace.
     *
     * @param training
     *            whether layers are to behave as in training
     * @param dtype
     *            the element type of parameters and state
     */
    public Trace(boolean training, DType dtype) {
        this.training = training;
        this.dtype = dtype;
    }

    /**
     * Starts a trace of a model over inputs of a type.
     *
     * @param training
     *            whether layers are to behave as in training
     * @param input
     *            parameters and state are float64 if it is, otherwise float32
     */
    public Trace(boolean training, TensorType input) {
        this(training, input.dtype() == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32);
    }

    /** Applies the model to its input. */
    public Tensor call(Layer model, Tensor input) {
        return new Scope("", name(model.getClass())).apply(model, input);
    }

    /** What messages call the model: its class's name in lower case with hyphens, if it has one. */
    private static String name(Class<? extends Layer> model) {
        boolean unnamed = model.isHidden() || model.isAnonymousClass();
        return unnamed ? "model"
                : model.getSimpleName().replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }

    /** The variables asked for, in the order of asking. */
    public List<Variable> variables() {
        return List.copyOf(variables.values());
    }

    /** The tensor through which the model reads one of its variables; gradients are taken by it. */
    public Tensor read(Variable variable) {
        return reads.computeIfAbsent(variable, Variable::read);
    }

    /** The learned variables, in the order of asking. */
    public List<Variable> parameters() {
        return variables.values().stream().filter(variable -> variable.role() == Variable.Role.PARAMETER).toList();
    }

    /** The first value of each variable, as a graph over {@link #SEED} alone. */
    public SequencedMap<Variable, Tensor> initialValues() {
        return Collections.unmodifiableSequencedMap(initialValues);
    }

    /** The new values of state. */
    public SequencedMap<Variable, Tensor> updates() {
        return Collections.unmodifiableSequencedMap(updates);
    }

    /** The layers called, each before the layers that it calls itself. */
    public List<Call> calls() {
        return List.copyOf(calls);
    }

    private Variable variable(String path, Shape shape, Variable.Role role, Initializer initializer) {
        var variable = new Variable(path, new TensorType(dtype, shape), role);
        Variable known = variables.putIfAbsent(path, variable);
        if (known == null) {
            Tensor start = Tensor.constant(NdArray.scalar(0L));
            Tensor initial = initializer.value(variable.type(),
                    RandomStream.named("initial." + path, SEED.read(), start));
            if (!initial.type().equals(variable.type())) {
                throw new ShapeException(
                        "the initial value of %s is %s, not %s".formatted(path, initial.type(), variable.type()));
            }
            initialValues.put(variable, initial);
        } else if (!known.equals(variable)) {
            throw new ShapeException(
                    "%s is used as %s %s and as %s %s; call the layers under different names to keep them apart"
                            .formatted(path,
                                    known.role().name().toLowerCase(Locale.ROOT), known.type(),
                                    role.name().toLowerCase(Locale.ROOT),
                                    variable.type()));
        }
        return variable;
    }

    /** The context of one layer. */
    private final class Scope implements Context {
        private final String path;
        private final String place;

        Scope(String path, String place) {
            this.path = path;
            this.place = place;
        }

        Tensor apply(Layer layer, Tensor input) {
            int position = calls.size();
            calls.add(new Call(path, layer, input.type(), input.type()));
            Tensor output = LayerPath.within(place, () -> layer.forward(input, this));
            calls.set(position, new Call(path, layer, input.type(), output.type()));
            return output;
        }

        @Override
        public Tensor call(String name, Layer layer, Tensor input) {
            return new Scope(join(name), place + "/" + name).apply(layer, input);
        }

        @Override
        public Tensor parameter(String name, Shape shape, Initializer initializer) {
            return read(variable(join(name), shape, Variable.Role.PARAMETER, initializer));
        }

        @Override
        public Tensor state(String name, Shape shape, Initializer initializer) {
            return read(variable(join(name), shape, Variable.Role.BUFFER, initializer));
        }

        @Override
        public void update(String name, Tensor value) {
            Variable variable = variables.get(join(name));
            if (variable == null || variable.role() != Variable.Role.BUFFER || !variable.type().equals(value.type())) {
                throw new IllegalArgumentException("%s is no state of type %s".formatted(join(name), value.type()));
            }
            updates.put(variable, value);
        }

        @Override
        public RandomStream random(String name) {
            int uses = draws.merge(join(name), 1, Integer::sum);
            String stream = uses == 1 ? join(name) : join(name) + "#" + uses;
            return RandomStream.named(stream, read(SEED), read(STEP));
        }

        @Override
        public boolean training() {
            return training;
        }

        private String join(String name) {
            return path.isEmpty() ? name : path + "." + name;
        }
    }
}
