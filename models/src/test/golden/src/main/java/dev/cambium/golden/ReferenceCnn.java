package dev.cambium.golden;

import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.Conv2dOptions;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.StringTensorDict;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * The CNN of the MNIST tutorial: conv1 – ReLU – max-pool 2 – conv2 – ReLU – max-pool 2 – dropout – flatten – fc1 –
 * ReLU – fc2 – log-softmax. The case has it small: 12×10 pixels, 3 and 5 channels, 20 hidden units, dropout off.
 */
final class ReferenceCnn {
    private static final int STEPS = 3;
    private static final double LEARNING_RATE = 0.001;
    private static final List<String> PARAMETERS = List.of("conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias",
            "fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias");

    private ReferenceCnn() {}

    static List<Case> cases() {
        Map<String, Tensor> inputs = inputsWithMargin();
        Experiment experiment = new Experiment("three_adam_steps", new Draw(0)).setting("learning_rate", LEARNING_RATE)
                .constant("images", inputs.get("images"))
                .constant("labels", inputs.get("labels"))
                .cotangent("loss", torch.ones().to(ScalarType.Double));
        PARAMETERS.forEach(name -> experiment.variable(name, inputs.get(name)));
        return List.of(experiment.runAll(ReferenceCnn::outputs));
    }

    /** Names and shapes of the parameters of the network in full size, in PyTorch's order. */
    static Map<String, long[]> stateDict() {
        Module network = new Module("mnist_cnn");
        network.register_module("conv1", new Conv2dImpl(new Conv2dOptions(1, 32, new LongPointer(3, 3))));
        network.register_module("conv2", new Conv2dImpl(new Conv2dOptions(32, 64, new LongPointer(3, 3))));
        network.register_module("fc1", new LinearImpl(64 * 7 * 7, 1000));
        network.register_module("fc2", new LinearImpl(1000, 10));
        StringTensorDict parameters = network.named_parameters();
        Map<String, long[]> shapes = new LinkedHashMap<>();
        for (long i = 0; i < parameters.size(); i++) {
            shapes.put(parameters.get(i).key().getString(), parameters.get(i).value().shape());
        }
        return shapes;
    }

    /** Log-probabilities and loss; then, after three steps, the loss before each of them and the parameters. */
    private static Map<String, Tensor> outputs(Map<String, Tensor> in) {
        Tensor logProbabilities = Pass.forward(in).logProbabilities();
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        outputs.put("log_probabilities", logProbabilities.detach());
        outputs.put("loss", torch.cross_entropy_loss(logProbabilities, in.get("labels")));
        Training training = new Training(in);
        Tensor[] losses = Stream.generate(training::step).limit(STEPS).toArray(Tensor[]::new);
        outputs.put("losses", torch.stack(new TensorVector(losses)));
        PARAMETERS.forEach(name -> outputs.put(name, training.values.get(name).detach()));
        return outputs;
    }

    /**
     * The first draw that rounding in float32 can't send another way in any of the steps: what a ReLU or a pool decides
     * by is at least 1e-4 away from a tie, and so is every gradient from zero (Adam divides by its size), unless it is
     * zero because a hidden unit or an input of fc1 is.
     */
    private static Map<String, Tensor> inputsWithMargin() {
        return Stream.iterate(1000L, seed -> seed + 1)
                .map(ReferenceCnn::draw)
                .filter(ReferenceCnn::hasMargin)
                .findFirst()
                .orElseThrow();
    }

    private static boolean hasMargin(Map<String, Tensor> inputs) {
        try (var _ = new PointerScope()) {
            Training training = new Training(inputs);
            return Stream.generate(() -> training.stepWithMargin(1e-4)).limit(STEPS).allMatch(clear -> clear);
        }
    }

    private static Map<String, Tensor> draw(long seed) {
        Draw draw = new Draw(seed);
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        inputs.put("images", draw.multiples(256, 0.5, 4, 1, 12, 10).add(new Scalar(0.5)));
        inputs.put("labels", draw.indices(10, 4));
        inputs.put("conv1.weight", draw.multiples(1024, 1, 3, 1, 3, 3));
        inputs.put("conv1.bias", draw.multiples(1024, 0.125, 3));
        inputs.put("conv2.weight", draw.multiples(1024, 0.5, 5, 3, 3, 3));
        inputs.put("conv2.bias", draw.multiples(1024, 0.125, 5));
        inputs.put("fc1.weight", draw.multiples(1024, 0.5, 20, 30));
        inputs.put("fc1.bias", draw.multiples(1024, 0.5, 20).add(new Scalar(1)));
        inputs.put("fc2.weight", draw.multiples(1024, 0.5, 10, 20));
        inputs.put("fc2.bias", draw.multiples(1024, 0.5, 10));
        return inputs;
    }

    /** @param margins what ReLUs and pools decide by: where these are zero, a decision is a tie */
    private record Pass(Tensor logProbabilities, List<Tensor> margins) {

        static Pass forward(Map<String, Tensor> in) {
            Tensor conv1 = conv2d(in, "conv1", in.get("images"));
            Tensor conv2 = conv2d(in, "conv2", torch.max_pool2d(conv1.relu(), 2, 2));
            Tensor fc1 = linear(in, "fc1", torch.max_pool2d(conv2.relu(), 2, 2).flatten(1, 3));
            Tensor fc2 = linear(in, "fc2", fc1.relu());
            return new Pass(torch.log_softmax(fc2, 1),
                    List.of(conv1, conv2, fc1, poolMargins(conv1.relu()), poolMargins(conv2.relu())));
        }

        /** Largest less second largest of each 2×2 window that is not all zero. */
        private static Tensor poolMargins(Tensor x) {
            Tensor best = x.unfold(2, 2, 2).unfold(3, 2, 2).flatten(4, 5).topk(2).get0();
            Tensor first = best.select(4, 0);
            return first.sub(best.select(4, 1)).add(first.eq(new Scalar(0.0)));
        }

        private static Tensor conv2d(Map<String, Tensor> in, String layer, Tensor x) {
            return torch.conv2d(x,
                    in.get(layer + ".weight"),
                    new TensorOptional(in.get(layer + ".bias")),
                    new long[] {1, 1},
                    "same",
                    new long[] {1, 1},
                    1);
        }

        private static Tensor linear(Map<String, Tensor> in, String layer, Tensor x) {
            return torch.linear(x, in.get(layer + ".weight"), new TensorOptional(in.get(layer + ".bias")));
        }
    }

    /** Steps of Adam with its default settings on one batch. */
    private static final class Training {
        private final Map<String, Tensor> values = new LinkedHashMap<>();
        private final Adam adam;

        Training(Map<String, Tensor> inputs) {
            values.putAll(inputs);
            values.replaceAll((name, value) -> PARAMETERS.contains(name)
                    ? value.detach().clone().set_requires_grad(true)
                    : value);
            Tensor[] parameters = PARAMETERS.stream().map(values::get).toArray(Tensor[]::new);
            adam = new Adam(new TensorVector(parameters), new AdamOptions(LEARNING_RATE));
        }

        /** The loss before the step. */
        Tensor step() {
            return step(Pass.forward(values));
        }

        /** Takes a step. Whether what it decided by, and its gradients but zeros in fc1 and fc2, are far from zero. */
        boolean stepWithMargin(double margin) {
            Pass pass = Pass.forward(values);
            step(pass);
            return elements(pass.margins()).allMatch(x -> Math.abs(x) >= margin)
                    && elements(gradients("conv")).allMatch(x -> Math.abs(x) >= margin)
                    && elements(gradients("fc")).allMatch(x -> x == 0 || Math.abs(x) >= margin);
        }

        private List<Tensor> gradients(String layers) {
            return PARAMETERS.stream()
                    .filter(name -> name.startsWith(layers))
                    .map(name -> values.get(name).grad())
                    .toList();
        }

        private static DoubleStream elements(List<Tensor> tensors) {
            return tensors.stream().flatMapToDouble(tensor -> Arrays.stream(Values.doubles(tensor)));
        }

        private Tensor step(Pass pass) {
            Tensor loss = torch.cross_entropy_loss(pass.logProbabilities(), values.get("labels"));
            adam.zero_grad();
            loss.backward();
            adam.step();
            return loss.detach();
        }
    }
}
