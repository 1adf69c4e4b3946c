package dev.cambium.benchmarks.jmh;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import dev.cambium.models.Adam;
import dev.cambium.nn.Optimizer;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Op;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Variable;
import dev.cambium.tensor.Window2d;

/**
 * A graph with one operation. Its operands are variables, and its result is the new value of another one, so that a run copies nothing
 * in or out.
 *
 * <p>
 * Images lie channels-last in their variables and are seen through a transposition, which costs nothing: so they lie between the layers
 * of a network, too. An operand that may have zeros goes through a ReLU, which lets the backend look for them, and which the dense
 * kernel's time has, too.
 *
 * @param name
 *            its name in the table
 * @param flop
 *            operations of its arithmetic, a multiply-add counted as two, zeros as any other number; 0 where nothing is computed
 * @param bytes
 *            what its operands and its result take in memory, each counted once
 * @param graph
 *            what is run
 * @param zeros
 *            the operand that may have many zeros
 */
record Kernel(String name, double flop, double bytes, Graph graph, Optional<Variable> zeros) {
    private static final int BATCH = 50;
    private static final int ELEMENTS = 1 << 23;
    private static final int PARAMETERS = 3_146_634;
    private static final Window2d THREE = Window2d.square(3, 1).samePadding();
    private static final Window2d FIVE = Window2d.square(5, 2).padded(2);

    /** All kernels, those of operands without zeros first. */
    static List<Kernel> all() {
        return Stream.of(
                List.of(product("product 1024 × 1024 × 1024", 1024, 1024, 1024),
                        linear("fc1", 3136, 1000, false), linearInput("fc1", 3136, 1000, false),
                        linearWeight("fc1", 3136, 1000, false),
                        linear("fc2", 1000, 10, false), linearInput("fc2", 1000, 10, false),
                        linearWeight("fc2", 1000, 10, false)),
                convolutions("conv1", 1, 28, 32, THREE), convolutions("conv2", 32, 14, 64, THREE),
                convolutions("strided 5 × 5", 32, 27, 64, FIVE),
                List.of(maxPool(), maxPoolGradient(),
                        elementwise("scale shift ReLU", x -> x.mul(1.5).add(0.1).relu()),
                        elementwise("swish", x -> x.mul(x.sigmoid())),
                        elementwise("GELU", x -> x.mul(0.5).mul(x.mul(Math.sqrt(0.5)).erf().add(1))),
                        adam()),
                List.of(linear("fc1", 3136, 1000, true), linearInput("fc1", 3136, 1000, true),
                        linearWeight("fc1", 3136, 1000, true),
                        inputGradient("conv2", 32, 14, 64, THREE, true),
                        weightGradient("conv2", 32, 14, 64, THREE, true)))
                .flatMap(List::stream).toList();
    }

    static Kernel of(String name) {
        return all().stream().filter(kernel -> kernel.name().equals(name)).findFirst().orElseThrow();
    }

    /**
     * Values of a variable: noise around 0; of the operand with zeros, that many positive numbers in all.
     *
     * @param density
     *            the share of {@link #zeros} that isn't zero
     */
    NdArray values(Variable variable, double density, long seed) {
        var random = new SplittableRandom(seed);
        boolean sparse = zeros.filter(variable::equals).isPresent();
        float[] values = new float[Math.toIntExact(variable.type().shape().size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = sparse
                    ? random.nextDouble() < density ? 0.5f + random.nextFloat() : 0
                    : variable.name().equals("square") ? random.nextFloat() : random.nextFloat() - 0.5f;
        }
        return NdArray.of(variable.type().shape(), values);
    }

    private static Variable variable(String name, int... dims) {
        return new Variable(name, new TensorType(DType.FLOAT32, Shape.of(dims)), Variable.Role.PARAMETER);
    }

    /** The kernel that writes one result. */
    private static Kernel of(String name, double flop, Tensor result, Optional<Variable> zeros) {
        var variable = new Variable("result", result.type(), Variable.Role.SLOT);
        return of(name, flop, new LinkedHashMap<>(Map.of(variable, result)), zeros);
    }

    private static Kernel of(String name, double flop, SequencedMap<Variable, Tensor> updates,
            Optional<Variable> zeros) {
        long written = updates.keySet().stream().mapToLong(variable -> variable.type().shape().size()).sum();
        // Operands become what they are, which costs nothing: what a run might have changed is not taken from the run before.
        new Graph(new LinkedHashMap<>(), updates).variables()
                .forEach(variable -> updates.putIfAbsent(variable, variable.read()));
        var graph = new Graph(new LinkedHashMap<>(), updates);
        long read = graph.tensors().stream().map(Tensor::op).distinct().mapToLong(
                op -> op instanceof Op.ReadVariable(Variable variable) ? variable.type().shape().size() : 0)
                .sum();
        return new Kernel(name, flop, Float.BYTES * (double) (read + written), graph, zeros);
    }

    // ---- products

    private static Kernel product(String name, int rows, int columns, int inner) {
        return of(name, 2.0 * rows * columns * inner,
                variable("a", rows, inner).read().matmul(variable("b", inner, columns).read()), Optional.empty());
    }

    private static Kernel linear(String name, int inputs, int outputs, boolean sparse) {
        Variable x = variable("x", BATCH, inputs);
        return of(name(name + " forward", sparse), 2.0 * BATCH * inputs * outputs,
                operand(x, sparse).matmul(variable("weight", outputs, inputs).read().transpose()), zeros(x, sparse));
    }

    private static Kernel linearInput(String name, int inputs, int outputs, boolean sparse) {
        Variable gradient = variable("gradient", BATCH, outputs);
        return of(name(name + " input gradient", sparse), 2.0 * BATCH * inputs * outputs,
                operand(gradient, sparse).matmul(variable("weight", outputs, inputs).read()), zeros(gradient, sparse));
    }

    private static Kernel linearWeight(String name, int inputs, int outputs, boolean sparse) {
        Variable gradient = variable("gradient", BATCH, outputs);
        return of(name(name + " weight gradient", sparse), 2.0 * BATCH * inputs * outputs,
                operand(gradient, sparse).transpose().matmul(variable("x", BATCH, inputs).read()),
                zeros(gradient, sparse));
    }

    private static String name(String name, boolean sparse) {
        return sparse ? name + " skipping zeros" : name;
    }

    private static Tensor operand(Variable variable, boolean sparse) {
        return sparse ? variable.read().relu() : variable.read();
    }

    private static Optional<Variable> zeros(Variable variable, boolean sparse) {
        return sparse ? Optional.of(variable) : Optional.empty();
    }

    // ---- convolutions

    private static List<Kernel> convolutions(String name, int channels, int size, int outputs, Window2d window) {
        return List.of(forward(name, channels, size, outputs, window),
                inputGradient(name, channels, size, outputs, window, false),
                weightGradient(name, channels, size, outputs, window, false));
    }

    private static Kernel forward(String name, int channels, int size, int outputs, Window2d window) {
        Tensor result = images("x", channels, size).conv2d(weight(channels, outputs, window).read(), window, 1);
        return of(name + " forward", flop(channels, size, outputs, window), channelsLast(result), Optional.empty());
    }

    private static Kernel inputGradient(String name, int channels, int size, int outputs, Window2d window,
            boolean sparse) {
        Variable gradient = gradient(size, outputs, window, sparse);
        Tensor result = Tensor.of(new Op.Conv2dInputGradient(window, 1),
                new TensorType(DType.FLOAT32, Shape.of(BATCH, channels, size, size)),
                outputGradient(gradient, sparse), weight(channels, outputs, window).read());
        return of(name(name + " input gradient", sparse), flop(channels, size, outputs, window), channelsLast(result),
                zeros(gradient, sparse));
    }

    private static Kernel weightGradient(String name, int channels, int size, int outputs, Window2d window,
            boolean sparse) {
        Variable gradient = gradient(size, outputs, window, sparse);
        Tensor result = Tensor.of(new Op.Conv2dWeightGradient(window, 1), weight(channels, outputs, window).type(),
                images("x", channels, size), outputGradient(gradient, sparse));
        return of(name(name + " weight gradient", sparse), flop(channels, size, outputs, window), result,
                zeros(gradient, sparse));
    }

    private static double flop(int channels, int size, int outputs, Window2d window) {
        int places = window.outputHeight(size) * window.outputWidth(size);
        return 2.0 * BATCH * places * outputs * channels * window.height() * window.width();
    }

    private static Variable weight(int channels, int outputs, Window2d window) {
        return variable("weight", outputs, channels, window.height(), window.width());
    }

    /** The gradient of a convolution's output or, where that is to have zeros, of its pooling by 2x2. */
    private static Variable gradient(int size, int outputs, Window2d window, boolean pooled) {
        int each = pooled ? 2 : 1;
        return variable("gradient", BATCH, window.outputHeight(size) / each, window.outputWidth(size) / each, outputs);
    }

    private static Tensor outputGradient(Variable gradient, boolean pooled) {
        Tensor given = channelsFirst(operand(gradient, pooled));
        if (!pooled) {
            return given;
        }
        Shape shape = given.shape();
        Tensor output = channelsFirst(
                variable("output", shape.dim(0), 2 * shape.dim(2), 2 * shape.dim(3), shape.dim(1)).read());
        return Tensor.of(new Op.MaxPool2dGradient(Window2d.square(2, 2)), output.type(), output, given);
    }

    private static Tensor images(String name, int channels, int size) {
        return channelsFirst(variable(name, BATCH, size, size, channels).read());
    }

    private static Tensor channelsFirst(Tensor images) {
        return images.transpose(0, 3, 1, 2);
    }

    private static Tensor channelsLast(Tensor images) {
        return images.transpose(0, 2, 3, 1);
    }

    // ---- what memory bounds

    private static Kernel maxPool() {
        return of("max-pool 2 × 2 forward", 0, channelsLast(images("x", 32, 28).maxPool2d(2)), Optional.empty());
    }

    private static Kernel maxPoolGradient() {
        Window2d window = Window2d.square(2, 2);
        Tensor images = images("x", 32, 28);
        return of("max-pool 2 × 2 gradient", 0, channelsLast(Tensor.of(new Op.MaxPool2dGradient(window), images.type(),
                images, images("gradient", 32, 14))), Optional.empty());
    }

    private static Kernel elementwise(String name, UnaryOperator<Tensor> chain) {
        Tensor result = chain.apply(variable("x", ELEMENTS).read());
        return of("elementwise: " + name, operations(Graph.of("result", result)), result, Optional.empty());
    }

    /** What the graph computes element by element, each function one operation. */
    private static double operations(Graph graph) {
        return graph.withoutRegions().tensors().stream().filter(tensor -> switch (tensor.op()) {
            case Op.Unary _,Op.Binary _,Op.Compare _,Op.Select _ -> true;
            default -> false;
        }).mapToDouble(tensor -> tensor.shape().size()).sum();
    }

    private static Kernel adam() {
        Variable parameter = variable("parameter", PARAMETERS);
        Map<String, Variable> slots = Map.of("exp_avg", variable("mean", PARAMETERS), "exp_avg_sq",
                variable("square", PARAMETERS));
        var updates = new LinkedHashMap<Variable, Tensor>();
        updates.put(parameter, new Adam().update(parameter.read(), variable("gradient", PARAMETERS).read(),
                new Optimizer.Slots() {
                    @Override
                    public Tensor get(String name) {
                        return slot(name).read();
                    }

                    @Override
                    public Tensor set(String name, Tensor value) {
                        updates.put(slot(name), value);
                        return value;
                    }

                    @Override
                    public Tensor step() {
                        return Tensor.full(new TensorType(DType.FLOAT32, Shape.scalar()), 1000);
                    }

                    private Variable slot(String name) {
                        return Optional.ofNullable(slots.get(name)).orElseThrow();
                    }
                }));
        return of("Adam", operations(new Graph(new LinkedHashMap<>(), updates)), updates, Optional.empty());
    }
}
