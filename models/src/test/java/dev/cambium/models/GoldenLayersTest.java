package dev.cambium.models;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import dev.cambium.nn.Context;
import dev.cambium.nn.Layer;
import dev.cambium.nn.Loss;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;

/** The stock layers and losses and their gradients against PyTorch. */
class GoldenLayersTest {
    @TestFactory
    Stream<DynamicTest> conv2d() {
        return Golden.checkY(GoldenCase.all("conv2d").filter(GoldenLayersTest::isSquare), (golden, in) -> {
            Shape weight = golden.input("weight").shape();
            String padding = golden.settings().get("padding").isJsonPrimitive() ? Conv2d.SAME
                    : Integer.toString(golden.pair("padding")[0]);
            var layer = new Conv2d(weight.dim(0), weight.dim(2), golden.pair("stride")[0], padding,
                    golden.pair("dilation")[0], golden.settings().get("groups").getAsInt(), in.containsKey("bias"));
            return forward(layer, in);
        });
    }

    private static boolean isSquare(GoldenCase golden) {
        Shape weight = golden.input("weight").shape();
        return weight.dim(2) == weight.dim(3) && isSquare(golden, "stride") && isSquare(golden, "dilation")
                && (golden.settings().get("padding").isJsonPrimitive() || isSquare(golden, "padding"));
    }

    private static boolean isSquare(GoldenCase golden, String setting) {
        int[] pair = golden.pair(setting);
        return pair[0] == pair[1];
    }

    @TestFactory
    Stream<DynamicTest> max_pool2d() {
        return Golden.checkY(GoldenCase.all("max_pool2d").filter(golden -> !golden.name().equals("nan_wins")),
                (golden, in) -> forward(new MaxPool2d(golden.pair("window")[0], golden.pair("stride")[0],
                        golden.pair("padding")[0], golden.pair("dilation")[0]), in));
    }

    @TestFactory
    Stream<DynamicTest> linear() {
        return Golden.checkY(GoldenCase.all("linear").filter(golden -> golden.input("x").shape().rank() > 1),
                (golden, in) -> forward(
                        new Linear(golden.input("weight").shape().dim(0), in.containsKey("bias")), in));
    }

    @TestFactory
    Stream<DynamicTest> relu() {
        return Golden.checkY(
                GoldenCase.all("activations").filter(golden -> golden.operation().equals("relu")),
                (golden, in) -> forward(new Relu(), in));
    }

    @TestFactory
    Stream<DynamicTest> log_softmax() {
        return Golden.checkY(
                GoldenCase.all("activations").filter(golden -> golden.name().startsWith("log_softmax")),
                (golden, in) -> forward(new LogSoftmax(golden.settings().get("axis").getAsInt()), in));
    }

    @TestFactory
    Stream<DynamicTest> losses() {
        return Golden.check(GoldenCase.all("losses"), (golden, in) -> {
            Tensor labels = GoldenPrimitivesTest.get(in, "labels");
            Tensor given = in.containsKey("logits") ? GoldenPrimitivesTest.get(in, "logits")
                    : GoldenPrimitivesTest.get(in, "log_probabilities");
            Loss loss = golden.name().startsWith("nll") ? new Nll() : new CrossEntropy();
            Tensor predictions = golden.name().contains("of_log_softmax") ? given.logSoftmax(1) : given;
            return Golden.map("loss", loss.loss(predictions, labels));
        });
    }

    /** The reference network's layers on small images. */
    record SmallCnn() implements Layer {
        @Override
        public Tensor forward(Tensor images, Context cx) {
            Tensor x = cx.call("conv1", new Conv2d(3, 3, Conv2d.SAME), images).relu().maxPool2d(2);
            x = cx.call("conv2", new Conv2d(5, 3, Conv2d.SAME), x).relu().maxPool2d(2).flatten(1);
            x = cx.call("fc1", new Linear(20), x).relu();
            return cx.call("fc2", new Linear(10), x).logSoftmax(1);
        }
    }

    @TestFactory
    Stream<DynamicTest> small_cnn_with_the_gradients_of_all_parameters() {
        return Golden.check(GoldenCase.all("reference_cnn"), (golden, in) -> {
            Tensor output = new SmallCnn().forward(GoldenPrimitivesTest.get(in, "images"), new GivenContext(in, true));
            var outputs = new LinkedHashMap<String, Tensor>();
            outputs.put("log_probabilities", output);
            outputs.put("loss", new CrossEntropy().loss(output, GoldenPrimitivesTest.get(in, "labels")));
            return outputs;
        });
    }

    private static Tensor forward(Layer layer, SequencedMap<String, Tensor> in) {
        return layer.forward(GoldenPrimitivesTest.get(in, "x"), new GivenContext(in, true));
    }
}
