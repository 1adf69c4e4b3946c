package dev.cambium.peers.cambium;

import java.util.List;

import dev.cambium.models.Conv2d;
import dev.cambium.models.Dropout2d;
import dev.cambium.models.Linear;
import dev.cambium.models.MnistCnn;
import dev.cambium.nn.Context;
import dev.cambium.nn.Initializer;
import dev.cambium.nn.Layer;
import dev.cambium.peers.Digits;
import dev.cambium.peers.Task;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.Window2d;

/** The networks that Cambium can be asked to train, from images [n, 1, 28, 28] to logarithms of probabilities [n, 10]. */
final class Networks {
    private Networks() {}

    static Layer of(Task task) {
        return switch (task.network()) {
            case Task.REFERENCE -> task.width() == 1 ? new MnistCnn(0.25) : reference(task.width());
            case "MLP" -> Networks::mlp;
            case "strided CNN" -> Networks::strided;
            case "sigmoid CNN" -> Networks::sigmoid;
            case "transformer" -> Networks::transformer;
            default -> throw new IllegalArgumentException("no network '%s'".formatted(task.network()));
        };
    }

    /** The reference network, with another number of channels and hidden units. */
    private static Layer reference(double width) {
        return (images, cx) -> {
            Tensor x = convolution("conv1", (int) (32 * width), 3, 1, images, cx).relu().maxPool2d(2);
            x = convolution("conv2", (int) (64 * width), 3, 1, x, cx).relu().maxPool2d(2);
            x = cx.call("dropout", new Dropout2d(0.25), x).flatten(1);
            x = cx.call("fc1", new Linear((int) (1000 * width)), x).relu();
            return scores(x, cx);
        };
    }

    private static Tensor mlp(Tensor images, Context cx) {
        Tensor x = cx.call("fc1", new Linear(512), images.flatten(1)).relu();
        return scores(cx.call("fc2", new Linear(256), x).relu(), cx);
    }

    /** Deeper, with strides instead of pooling, and sizes 13 × 13, 7 × 7 and 4 × 4. */
    private static Tensor strided(Tensor images, Context cx) {
        Tensor x = convolution("conv1", 24, 5, 2, images, cx).relu();
        x = convolution("conv2", 40, 3, 1, x, cx).relu();
        x = convolution("conv3", 56, 3, 2, x, cx).relu();
        x = convolution("conv4", 80, 3, 2, x, cx).relu();
        return scores(x.flatten(1), cx);
    }

    /** Nothing in it makes a zero. */
    private static Tensor sigmoid(Tensor images, Context cx) {
        Window2d window = Window2d.square(2, 2);
        Tensor x = convolution("conv1", 32, 3, 1, images, cx).tanh().avgPool2d(window);
        x = convolution("conv2", 64, 3, 1, x, cx).tanh().avgPool2d(window);
        return scores(cx.call("fc1", new Linear(500), x.flatten(1)).sigmoid(), cx);
    }

    private static Tensor convolution(String name, int channels, int size, int stride, Tensor x, Context cx) {
        return cx.call(name, new Conv2d(channels, size, stride, "1", 1, 1, true), x);
    }

    /** One block over the rows of the image as a sequence: attention, then an MLP, each behind a normalisation and added to its input. */
    private static Tensor transformer(Tensor images, Context cx) {
        int width = 128;
        Tensor x = cx.call("embed", new Linear(width), images.reshape(-1, Digits.SIDE, Digits.SIDE));
        x = x.add(cx.parameter("position", Shape.of(Digits.SIDE, width), Initializer.normal(0.02)));
        x = x.add(attention(cx.call("norm1", Networks::normalized, x), cx, 4));
        Tensor hidden = gelu(cx.call("fc1", new Linear(4 * width), cx.call("norm2", Networks::normalized, x)));
        x = x.add(cx.call("fc2", new Linear(width), hidden));
        return scores(cx.call("norm3", Networks::normalized, x).mean(1), cx);
    }

    private static Tensor attention(Tensor x, Context cx, int heads) {
        List<Tensor> parts = List.of("query", "key", "value").stream()
                .map(name -> cx.call(name, new Linear(x.shape().dim(-1)), x)
                        .reshape(x.shape().dim(0), x.shape().dim(1), heads, -1).transpose(0, 2, 1, 3))
                .toList();
        double scale = 1 / Math.sqrt(parts.getFirst().shape().dim(-1));
        Tensor weights = parts.get(0).matmul(parts.get(1).transpose()).mul(scale).softmax(-1);
        Tensor mixed = weights.matmul(parts.get(2)).transpose(0, 2, 1, 3).reshape(x.shape());
        return cx.call("mix", new Linear(x.shape().dim(-1)), mixed);
    }

    /** The last axis brought to mean 0 and deviation 1, then scaled and shifted by learned numbers. */
    private static Tensor normalized(Tensor x, Context cx) {
        Shape features = Shape.of(x.shape().dim(-1));
        Tensor centred = x.sub(x.mean(-1).expand(-1));
        Tensor variance = centred.mul(centred).mean(-1).expand(-1);
        return centred.mul(variance.add(1e-5).rsqrt()).mul(cx.parameter("weight", features, Initializer.ones()))
                .add(cx.parameter("bias", features, Initializer.zeros()));
    }

    private static Tensor gelu(Tensor x) {
        return x.mul(0.5).mul(x.mul(Math.sqrt(0.5)).erf().add(1));
    }

    private static Tensor scores(Tensor x, Context cx) {
        return cx.call("scores", new Linear(Digits.CLASSES), x).logSoftmax(1);
    }
}
