package dev.cambium.train;

import static dev.cambium.Stability.Level.STABLE;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Collectors;

import dev.cambium.CambiumException;
import dev.cambium.Stability;
import dev.cambium.backend.Backend;
import dev.cambium.backend.Buffer;
import dev.cambium.backend.Executable;
import dev.cambium.data.Batch;
import dev.cambium.data.Examples;
import dev.cambium.nn.Layer;
import dev.cambium.nn.Loss;
import dev.cambium.nn.Metric;
import dev.cambium.nn.Trace;
import dev.cambium.part.Suggestion;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.LayerPath;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Variable;

/**
 * A network with its weights on a backend: it predicts, is evaluated, gives its weights and takes others. A {@link Trainer} makes
 * it better. Not for use by several threads at once.
 */
@Stability(value = STABLE, since = "0.1")
public final class Model implements AutoCloseable {
    private final Layer layer;
    private final TensorType inputType;
    private final Backend backend;
    private final List<Variable> weights;
    private final Map<Variable, Buffer> variables = new LinkedHashMap<>();
    private final Map<Object, Executable> executables = new HashMap<>();

    private Model(Layer layer, TensorType inputType, Backend backend, List<Variable> weights) {
        this.layer = layer;
        this.inputType = inputType;
        this.backend = backend;
        this.weights = weights;
    }

    /**
     * A network with new weights.
     *
     * @param layer
     *            the network
     * @param inputType
     *            the type of one input, without the batch axis
     * @param backend
     *            where it lives; it stays the caller's to close
     * @param seed
     *            what the weights, and later dropout masks and the order of examples, follow from
     * @throws dev.cambium.tensor.ShapeException
     *             if the input does not fit the network
     * @throws CambiumException
     *             if there is no room for the weights
     */
    public static Model create(Layer layer, TensorType inputType, Backend backend, long seed) {
        var trace = new Trace(true, inputType);
        trace.call(layer, input(inputType, 1));
        var model = new Model(layer, inputType, backend, trace.variables());
        try {
            model.add(Trace.SEED, NdArray.scalar(seed));
            model.add(Trace.STEP, NdArray.scalar(0L));
            model.weights.forEach(model::add);
            var graph = new Graph(new LinkedHashMap<>(), new LinkedHashMap<>(trace.initialValues()));
            try (Executable initialize = model.compile(graph)) {
                initialize.run(Map.of());
            }
            return model;
        } catch (RuntimeException | Error e) {
            model.close();
            throw e;
        }
    }

    /** The network. */
    public Layer layer() {
        return layer;
    }

    /** The type of one input, without the batch axis. */
    public TensorType inputType() {
        return inputType;
    }

    /** The type of one output, without the batch axis. */
    public TensorType outputType() {
        Tensor output = new Trace(false, inputType).call(layer, input(inputType, 1));
        return new TensorType(output.dtype(), output.shape().dropFirst());
    }

    /** The backend that the weights live on. */
    public Backend backend() {
        return backend;
    }

    /** The number of learned numbers. */
    public long parameterCount() {
        return weights.stream().filter(variable -> variable.role() == Variable.Role.PARAMETER)
                .mapToLong(variable -> variable.type().shape().size()).sum();
    }

    /** Copies of all parameters and state by their names, in the order in which the network uses them. */
    public SequencedMap<String, NdArray> weights() {
        var values = new LinkedHashMap<String, NdArray>();
        weights.forEach(variable -> values.put(variable.name(), buffer(variable).read()));
        return values;
    }

    /**
     * Replaces all parameters and state.
     *
     * @throws CambiumException
     *             if a name is missing, unknown, or has another type; nothing is changed then
     */
    public void load(Map<String, NdArray> values) {
        var problems = new ArrayList<String>();
        List<String> names = weights.stream().map(Variable::name).toList();
        for (Variable variable : weights) {
            NdArray value = values.get(variable.name());
            if (value == null) {
                problems.add("%s %s is missing".formatted(variable.name(), variable.type()));
            } else if (!value.type().equals(variable.type())) {
                problems.add(
                        "%s is %s, but the network has %s".formatted(variable.name(), value.type(), variable.type()));
            }
        }
        values.keySet().stream().filter(name -> !names.contains(name))
                .forEach(
                        name -> problems.add("%s is not in the network%s".formatted(name, Suggestion.of(name, names))));
        if (!problems.isEmpty()) {
            String shown = problems.stream().limit(8).collect(Collectors.joining("\n  ", "\n  ", ""));
            throw new CambiumException("the weights are of another network:" + shown
                    + (problems.size() > 8 ? "\n  and %d more".formatted(problems.size() - 8) : ""));
        }
        weights.forEach(variable -> buffer(variable).write(Objects.requireNonNull(values.get(variable.name()))));
    }

    /**
     * The network's outputs, layers behaving as in evaluation.
     *
     * @param inputs
     *            [batch, …input shape]
     * @return [batch, …output shape]
     */
    public NdArray predict(NdArray inputs) {
        var single = new TensorType(inputs.dtype(),
                inputs.shape().rank() == 0 ? Shape.scalar() : inputs.shape().dropFirst());
        if (inputs.shape().rank() == 0 || !single.equals(inputType)) {
            throw new CambiumException("the network takes a batch of %s, not %s".formatted(inputType, inputs.type()));
        }
        int batch = inputs.shape().dim(0);
        Executable executable = executables.computeIfAbsent(List.of("predict", batch), _ -> {
            Tensor output = new Trace(false, inputType).call(layer, input(inputType, batch));
            return compile(Graph.of("output", output));
        });
        return executable.run(Map.of("inputs", inputs)).firstEntry().getValue();
    }

    /**
     * How good the network is on examples, layers behaving as in evaluation.
     *
     * @param examples
     *            all of them are used
     * @param loss
     *            averaged over the examples
     * @param metrics
     *            by name; {@code loss} is taken
     * @param batchSize
     *            how many at a time, at least 1; the result is the same up to rounding
     * @throws CambiumException
     *             if the examples do not fit the network, or the batch size or a metric's name can't be
     */
    public Evaluation evaluate(Examples examples, Loss loss, Map<String, Metric> metrics, int batchSize) {
        requireFit(examples);
        requireSensible(batchSize, metrics);
        Totals totals = new Totals(metrics);
        try (var batches = new BatchQueue(examples, batchSize, 0, Optional.empty(), 0)) {
            for (Batch batch = batches.next(); batch != null; batch = batches.next()) {
                totals.add(evaluation(batch, loss, metrics).run(feed(batch)), batch.size());
            }
        }
        return totals.evaluation();
    }

    private Executable evaluation(Batch batch, Loss loss, Map<String, Metric> metrics) {
        TensorType targets = batch.targets().type();
        return executables.computeIfAbsent(List.of("evaluate", targets, loss, Map.copyOf(metrics)), _ -> {
            Tensor output = new Trace(false, inputType).call(layer, input(inputType, batch.size()));
            return compile(Graph.of(scores(output, Tensor.input("targets", targets), loss, metrics)));
        });
    }

    void requireFit(Examples examples) {
        if (!examples.inputType().equals(inputType)) {
            throw new CambiumException(
                    "the model takes inputs %s, but the examples are %s".formatted(inputType, examples.inputType()));
        }
    }

    static void requireSensible(int batchSize, Map<String, Metric> metrics) {
        if (batchSize < 1) {
            throw new CambiumException("the batch size must be at least 1, not " + batchSize);
        }
        if (metrics.containsKey("loss")) {
            throw new CambiumException("a metric can't be named 'loss': that is the name of the loss itself");
        }
    }

    /** The loss and the statistics of all metrics, by name, which is also the path under which they are traced. */
    static SequencedMap<String, Tensor> scores(Tensor output, Tensor targets, Loss loss, Map<String, Metric> metrics) {
        var scores = new LinkedHashMap<String, Tensor>();
        scores.put("loss", LayerPath.within("loss", () -> loss.loss(output, targets)));
        metrics.forEach((name, metric) -> scores.put(name,
                LayerPath.within(name, () -> metric.statistics(output, targets))));
        return scores;
    }

    static Map<String, NdArray> feed(Batch batch) {
        return Map.of("inputs", batch.inputs(), "targets", batch.targets());
    }

    static Tensor input(TensorType single, int batch) {
        return Tensor.input("inputs", new TensorType(single.dtype(), single.shape().prepend(batch)));
    }

    /** Gives a new variable a place on the backend, filled with zeros. */
    void add(Variable variable) {
        try {
            add(variable, NdArray.zeros(variable.type()));
        } catch (OutOfMemoryError e) {
            throw new CambiumException(
                    ("%s %s does not fit into memory: the Java heap has room for %d MB in all; take a "
                            + "smaller network or a larger heap (java -Xmx…)").formatted(variable.name(),
                                    variable.type(),
                                    Runtime.getRuntime().maxMemory() >> 20),
                    e);
        }
    }

    private void add(Variable variable, NdArray value) {
        variables.put(variable, backend.buffer(value));
    }

    Buffer buffer(Variable variable) {
        return Optional.ofNullable(variables.get(variable)).orElseThrow();
    }

    boolean has(Variable variable) {
        return variables.containsKey(variable);
    }

    Executable compile(Graph graph) {
        return backend.compile(graph, variables);
    }

    /** Releases the weights; the backend stays open. */
    @Override
    public void close() {
        executables.values().forEach(Executable::close);
        executables.clear();
        variables.values().forEach(Buffer::close);
        variables.clear();
    }
}
