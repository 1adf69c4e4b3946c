package dev.cambium.models;

import static dev.cambium.models.GoldenPrimitivesTest.get;
import static dev.cambium.models.GoldenPrimitivesTest.window;
import static dev.cambium.models.GoldenPrimitivesTest.withBias;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import dev.cambium.nn.Context;
import dev.cambium.nn.Initializer;
import dev.cambium.nn.Layer;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Op;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Window2d;

/** Layers that are not stock yet, written in the primitives: these suffice for them, and their gradients are PyTorch's. */
class GoldenCompositionsTest {
    @TestFactory
    Stream<DynamicTest> transposed_convolution() {
        return Golden.checkY(GoldenCase.all("conv_transpose2d"), (golden, in) -> {
            Tensor x = get(in, "x");
            Tensor weight = get(in, "weight");
            int groups = golden.settings().get("groups").getAsInt();
            Window2d window = window(golden, weight);
            int[] extra = golden.pair("output_padding");
            var output = Shape.of(x.shape().dim(0), weight.shape().dim(1) * groups,
                    (x.shape().dim(2) - 1) * window.strideHeight() + window.spanHeight() + extra[0]
                            - window.top() - window.bottom(),
                    (x.shape().dim(3) - 1) * window.strideWidth() + window.spanWidth() + extra[1]
                            - window.left() - window.right());
            Tensor y = Tensor.of(new Op.Conv2dInputGradient(window, groups), new TensorType(x.dtype(), output), x,
                    weight);
            return withBias(y, in);
        });
    }

    @TestFactory
    Stream<DynamicTest> embedding() {
        return Golden.checkY(GoldenCase.all("embedding"),
                (golden, in) -> get(in, "weight").gather(get(in, "indices")));
    }

    @TestFactory
    Stream<DynamicTest> attention() {
        return Golden.checkY(GoldenCase.all("attention"), (golden, in) -> {
            Tensor scores = get(in, "query").matmul(get(in, "key").transpose()).mul(golden.number("scale"));
            if (in.containsKey("mask")) {
                scores = scores.add(get(in, "mask"));
            }
            if (golden.flag("causal")) {
                var places = new TensorType(DType.INT64, scores.shape());
                Tensor later = Tensor.iota(places, -1).gt(Tensor.iota(places, -2));
                scores = Tensor.select(later, Tensor.full(scores.type(), Double.NEGATIVE_INFINITY), scores);
            }
            return scores.softmax(-1).matmul(get(in, "value"));
        });
    }

    @TestFactory
    Stream<DynamicTest> layer_norm() {
        return Golden.checkY(GoldenCase.all("normalization").filter(golden -> golden.name().startsWith("layer_norm")),
                (golden, in) -> {
                    Tensor x = get(in, "x");
                    int[] axes = IntStream.rangeClosed(1, golden.ints("normalized_shape").length).map(axis -> -axis)
                            .toArray();
                    Tensor y = normalized(x, moment(x, axes), variance(x, axes), golden.number("epsilon"));
                    return in.containsKey("weight") ? y.mul(get(in, "weight")).add(get(in, "bias")) : y;
                });
    }

    /** Normalisation of each channel over the batch in training, by running statistics in evaluation. */
    private record BatchNorm(double epsilon, double momentum) implements Layer {
        @Override
        public Tensor forward(Tensor x, Context cx) {
            int channels = x.shape().dim(1);
            int[] axes = IntStream.range(0, x.shape().rank()).filter(axis -> axis != 1).toArray();
            int[] aligned = IntStream.range(0, x.shape().rank()).map(axis -> axis == 1 ? channels : 1).toArray();
            Tensor runningMean = cx.state("running_mean", Shape.of(channels), Initializer.zeros());
            Tensor runningVariance = cx.state("running_var", Shape.of(channels), Initializer.ones());
            Tensor mean = cx.training() ? moment(x, axes) : runningMean.reshape(aligned);
            Tensor variance = cx.training() ? variance(x, axes) : runningVariance.reshape(aligned);
            double count = (double) x.shape().size() / channels;
            cx.update("running_mean", cx.training() ? moved(runningMean, mean.reshape(channels)) : runningMean);
            cx.update("running_var", cx.training()
                    ? moved(runningVariance, variance.reshape(channels).mul(count / (count - 1)))
                    : runningVariance);
            Tensor weight = cx.parameter("weight", Shape.of(channels), Initializer.ones()).reshape(aligned);
            Tensor bias = cx.parameter("bias", Shape.of(channels), Initializer.zeros()).reshape(aligned);
            return normalized(x, mean, variance, epsilon).mul(weight).add(bias);
        }

        private Tensor moved(Tensor running, Tensor now) {
            return running.mul(1 - momentum).add(now.mul(momentum));
        }
    }

    @TestFactory
    Stream<DynamicTest> batch_norm_with_its_running_statistics() {
        return Golden.check(GoldenCase.all("normalization").filter(golden -> golden.name().startsWith("batch_norm")),
                (golden, in) -> {
                    var layer = new BatchNorm(golden.number("epsilon"), golden.number("momentum"));
                    var context = new GivenContext(in, golden.flag("training"));
                    var outputs = new LinkedHashMap<String, Tensor>();
                    outputs.put("y", layer.forward(get(in, "x"), context));
                    outputs.put("running_mean", Objects.requireNonNull(context.updates().get("running_mean")));
                    outputs.put("running_var", Objects.requireNonNull(context.updates().get("running_var")));
                    return outputs;
                });
    }

    @TestFactory
    Stream<DynamicTest> lstm() {
        return Golden.check(GoldenCase.all("lstm_cell"), (golden, in) -> {
            Tensor x = get(in, "x");
            Tensor h = get(in, "h0");
            Tensor c = get(in, "c0");
            int size = h.shape().dim(1);
            List<Tensor> hidden = new ArrayList<>();
            for (int t = 0; t < x.shape().dim(0); t++) {
                Tensor gates = affine(x.index(0, t), in, "ih").add(affine(h, in, "hh"));
                Tensor input = gates.slice(1, 0, size).sigmoid();
                Tensor forget = gates.slice(1, size, 2 * size).sigmoid();
                Tensor candidate = gates.slice(1, 2 * size, 3 * size).tanh();
                Tensor output = gates.slice(1, 3 * size, 4 * size).sigmoid();
                c = forget.mul(c).add(input.mul(candidate));
                h = output.mul(c.tanh());
                hidden.add(h);
            }
            var outputs = new LinkedHashMap<String, Tensor>();
            outputs.put("hidden", Tensor.stack(0, hidden));
            outputs.put("cell", c);
            return outputs;
        });
    }

    private static Tensor affine(Tensor x, SequencedMap<String, Tensor> in, String suffix) {
        return x.matmul(get(in, "weight_" + suffix).transpose()).add(get(in, "bias_" + suffix));
    }

    private static Tensor normalized(Tensor x, Tensor mean, Tensor variance, double epsilon) {
        return x.sub(mean).mul(variance.add(epsilon).rsqrt());
    }

    /** The mean over axes, which stay with extent 1. */
    private static Tensor moment(Tensor x, int... axes) {
        Shape kept = x.shape();
        for (int axis : axes) {
            kept = kept.withDim(axis, 1);
        }
        return x.mean(axes).reshape(kept);
    }

    private static Tensor variance(Tensor x, int... axes) {
        Tensor centred = x.sub(moment(x, axes));
        return moment(centred.mul(centred), axes);
    }
}
