package dev.cambium.tck;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

import dev.cambium.tensor.DType;
import dev.cambium.tensor.Gradients;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.RandomStream;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Variable;
import dev.cambium.tensor.Window2d;

/** Traces small networks into training steps: forward, backward and Adam, with the values that they start from. */
final class Networks {
    private static final Variable SEED = new Variable("run.seed", new TensorType(DType.INT64, Shape.scalar()),
            Variable.Role.RUN);
    private static final Variable STEP = new Variable("run.step", new TensorType(DType.INT64, Shape.scalar()),
            Variable.Role.RUN);

    private final List<Tensor> parameters = new ArrayList<>();
    private final Map<Variable, NdArray> start = new LinkedHashMap<>();
    private final Tensor seed = SEED.read();
    private final Tensor step = STEP.read();

    private Networks() {}

    static List<TrainingStep> all() {
        return List.of(new Networks().convolutional(), new Networks().perceptron(), new Networks().threeBlocks(),
                new Networks().attention());
    }

    /** A convolutional network with dropout, small enough for many steps on a slow backend. */
    static TrainingStep small() {
        return new Networks().smallConvolutional();
    }

    private Tensor parameter(String name, int... dims) {
        var variable = new Variable(name, new TensorType(DType.FLOAT32, Shape.of(dims)), Variable.Role.PARAMETER);
        float[] values = Values.random(variable.type(), name.hashCode()).toFloatArray();
        double scale = 0.5 / Math.sqrt(Math.max(1.0, variable.type().shape().size() / (double) dims[0]));
        for (int i = 0; i < values.length; i++) {
            values[i] *= (float) scale;
        }
        start.put(variable, NdArray.of(variable.type().shape(), values));
        parameters.add(variable.read());
        return parameters.getLast();
    }

    private static Tensor input(String name, DType dtype, int... dims) {
        return Tensor.input(name, new TensorType(dtype, Shape.of(dims)));
    }

    private Tensor linear(String name, Tensor x, int outputs) {
        Tensor weight = parameter(name + ".weight", outputs, x.shape().dim(-1));
        return x.matmul(weight.transpose()).add(parameter(name + ".bias", outputs));
    }

    private Tensor convolution(String name, Tensor x, int outputs, Window2d window) {
        Tensor weight = parameter(name + ".weight", outputs, x.shape().dim(1), window.height(), window.width());
        return x.conv2d(weight, window, 1).add(parameter(name + ".bias", outputs).reshape(outputs, 1, 1));
    }

    private Tensor dropout(String name, Tensor x, Shape mask) {
        Tensor kept = RandomStream.named(name, seed, step).uniform(new TensorType(DType.FLOAT32, mask))
                .lt(Tensor.full(new TensorType(DType.FLOAT32, mask), 0.75));
        return x.mul(kept.cast(DType.FLOAT32).div(0.75).broadcastTo(x.shape()));
    }

    private TrainingStep convolutional() {
        Tensor images = input("x", DType.UINT8, 21, 1, 12, 12).cast(DType.FLOAT32).div(255);
        Window2d window = Window2d.square(3, 1).samePadding();
        Tensor x = convolution("conv1", images, 8, window).relu().maxPool2d(2);
        x = convolution("conv2", x, 17, window).relu().maxPool2d(2);
        x = dropout("dropout", x, Shape.of(21, 17, 1, 1));
        x = linear("fc1", x.flatten(1), 40).relu();
        return step("convolutional network with dropout", linear("fc2", x, 10).logSoftmax(1), 21);
    }

    private TrainingStep smallConvolutional() {
        Tensor images = input("x", DType.UINT8, 12, 1, 8, 8).cast(DType.FLOAT32).div(255);
        Tensor x = convolution("conv", images, 4, Window2d.square(3, 1).samePadding()).relu().maxPool2d(2);
        x = dropout("dropout", x, Shape.of(12, 4, 1, 1));
        return step("small convolutional network with dropout", linear("fc", x.flatten(1), 10).logSoftmax(1), 12);
    }

    private TrainingStep perceptron() {
        Tensor x = input("x", DType.FLOAT32, 33, 50);
        x = linear("fc1", x, 70).tanh();
        x = dropout("dropout", linear("fc2", x, 65).sigmoid(), Shape.of(33, 65));
        return step("perceptron", linear("fc3", x, 10).logSoftmax(1), 33);
    }

    private TrainingStep threeBlocks() {
        Tensor x = input("x", DType.FLOAT32, 19, 3, 23, 17);
        x = convolution("conv1", x, 7, Window2d.square(5, 2).padded(2)).relu();
        x = normalized(x).maxPool2d(new Window2d(3, 3, 2, 2, 1, 1, 1, 1, 1, 1));
        x = convolution("conv2", x, 11, Window2d.square(3, 1).padded(1)).tanh();
        x = convolution("conv3", x, 13, new Window2d(3, 2, 2, 1, 1, 2, 1, 1, 0, 0)).relu();
        return step("three blocks of odd sizes with strides",
                linear("fc", x.avgPool2d(Window2d.square(2, 1)).flatten(1), 10).logSoftmax(1), 19);
    }

    /** Each channel brought to mean 0 and deviation 1 over the batch. */
    private static Tensor normalized(Tensor x) {
        Tensor centred = x.sub(x.mean(0, 2, 3).reshape(x.shape().dim(1), 1, 1));
        Tensor variance = centred.mul(centred).mean(0, 2, 3).add(1e-3);
        return centred.mul(variance.rsqrt().reshape(x.shape().dim(1), 1, 1));
    }

    private TrainingStep attention() {
        int batch = 9;
        int length = 6;
        int heads = 2;
        int width = 8;
        Tensor tokens = parameter("embedding", 30, heads * width)
                .gather(input("x", DType.INT64, batch, length));
        Tensor query = heads(linear("query", tokens, heads * width), heads);
        Tensor key = heads(tokens.matmul(parameter("key.weight", heads * width, heads * width)), heads);
        Tensor value = heads(linear("value", tokens, heads * width), heads);
        Tensor weights = query.matmul(key.transpose()).div(Math.sqrt(width)).softmax(-1);
        Tensor mixed = weights.matmul(value).transpose(0, 2, 1, 3).reshape(batch, length, heads * width);
        Tensor hidden = linear("fc", tokens.add(linear("mix", mixed, heads * width)), 20).relu();
        return step("attention", linear("out", hidden.mean(1), 10).logSoftmax(1), batch);
    }

    private static Tensor heads(Tensor x, int heads) {
        return x.reshape(x.shape().dim(0), x.shape().dim(1), heads, -1).transpose(0, 2, 1, 3);
    }

    /** The step that lowers the cross-entropy of log-probabilities by Adam. */
    private TrainingStep step(String name, Tensor output, int batch) {
        Tensor labels = input("labels", DType.INT64, batch);
        Tensor loss = output.mul(labels.oneHot(10, DType.FLOAT32)).sum(1).mean().neg();
        List<Tensor> gradients = Gradients.of(loss, parameters);
        SequencedMap<Variable, Tensor> updates = new LinkedHashMap<>();
        Tensor count = step.add(1);
        Tensor correction = Tensor.full(new TensorType(DType.FLOAT32, Shape.scalar()), 0.999)
                .pow(count.cast(DType.FLOAT32)).neg().add(1).sqrt();
        List<Variable> variables = List.copyOf(start.keySet());
        for (int i = 0; i < variables.size(); i++) {
            Variable first = slot("first", variables.get(i));
            Variable second = slot("second", variables.get(i));
            Tensor mean = first.read().mul(0.9).add(gradients.get(i).mul(0.1));
            Tensor square = second.read().mul(0.999).add(gradients.get(i).mul(gradients.get(i)).mul(0.001));
            updates.put(first, mean);
            updates.put(second, square);
            updates.put(variables.get(i),
                    parameters.get(i).sub(mean.mul(0.01).mul(correction).div(square.sqrt().add(0.001))));
        }
        updates.put(STEP, count);
        start.put(SEED, NdArray.scalar(42L));
        start.put(STEP, NdArray.scalar(0L));
        SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
        outputs.put("loss", loss);
        outputs.put("output", output);
        var graph = new Graph(outputs, updates);
        return new TrainingStep(name, graph, inputs(graph), start);
    }

    private Variable slot(String name, Variable parameter) {
        var slot = new Variable(name + "." + parameter.name(), parameter.type(), Variable.Role.SLOT);
        start.put(slot, NdArray.zeros(slot.type()));
        return slot;
    }

    private static Map<String, NdArray> inputs(Graph graph) {
        Map<String, NdArray> inputs = new LinkedHashMap<>();
        graph.inputs().forEach((name, type) -> inputs.put(name, type.dtype() == DType.INT64
                ? counts(type, name.equals("labels") ? 10 : 30)
                : Values.random(type, name.hashCode())));
        return inputs;
    }

    private static NdArray counts(TensorType type, int end) {
        double[] values = new double[Math.toIntExact(type.shape().size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = i * 7 % end;
        }
        return Values.of(type, values);
    }
}
