package dev.cambium.peers.libtorch;

import static org.bytedeco.pytorch.global.torch.log_softmax;
import static org.bytedeco.pytorch.global.torch.max_pool2d;
import static org.bytedeco.pytorch.global.torch.nll_loss;

import java.io.IOException;
import java.util.Arrays;
import java.util.regex.Pattern;

import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.Conv2dOptions;
import org.bytedeco.pytorch.Dropout2dImpl;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

import dev.cambium.peers.Contender;
import dev.cambium.peers.Digits;
import dev.cambium.peers.Serving;

/** libtorch, images and kernels channels-last, and ReLU in place, both of which were measured to be faster. */
public final class LibtorchContender implements Contender {
    private static final long[] POOL = {2, 2};

    private final Module network = new Module("cnn");
    private final Conv2dImpl conv1 = network.register_module("conv1", convolution(1, 32));
    private final Conv2dImpl conv2 = network.register_module("conv2", convolution(32, 64));
    private final Dropout2dImpl dropout = network.register_module("dropout", new Dropout2dImpl(0.25));
    private final LinearImpl fc1 = network.register_module("fc1", new LinearImpl(3136, 1000));
    private final LinearImpl fc2 = network.register_module("fc2", new LinearImpl(1000, Digits.CLASSES));
    private final Adam adam = new Adam(network.parameters(), new AdamOptions(0.001));

    private static Conv2dImpl convolution(long from, long to) {
        var options = new Conv2dOptions(from, to, new LongPointer(3, 3));
        options.padding().put(new LongPointer(1, 1));
        var convolution = new Conv2dImpl(options);
        Tensor weight = convolution.weight();
        weight.set_data(weight.contiguous(torch.MemoryFormat.ChannelsLast));
        return convolution;
    }

    /** Serves libtorch. */
    public static void main(String[] arguments) throws IOException {
        Serving.serve(arguments, (threads, seed) -> {
            torch.set_num_threads(threads);
            torch.manual_seed(seed);
            return new LibtorchContender();
        });
    }

    @Override
    public String version() {
        var version = Pattern.compile("TORCH_VERSION=([^,\\s]+)").matcher(torch.show_config().getString());
        return version.find() ? version.group(1) : "unknown";
    }

    @Override
    public double train(Digits.Batches batches, int steps) {
        network.train(true);
        double loss = 0;
        for (int i = 0; i < steps; i++) {
            loss = step(batches.next());
        }
        return loss;
    }

    private double step(Digits.Batch batch) {
        try (var _ = new PointerScope()) {
            Tensor labels = Tensor.create(batch.labels());
            adam.zero_grad();
            Tensor loss = nll_loss(log_softmax(forward(batch.images(), labels.size(0)), 1), labels);
            loss.backward();
            adam.step();
            return loss.item_float();
        }
    }

    @Override
    public int[] classify(float[] images, int count) {
        network.eval();
        try (var _ = new PointerScope(); var _ = new InferenceMode()) {
            Tensor classes = forward(images, count).argmax(new LongOptional(1), false);
            long[] values = new long[count];
            classes.data_ptr_long().get(values);
            return Arrays.stream(values).mapToInt(Math::toIntExact).toArray();
        }
    }

    private Tensor forward(float[] images, long count) {
        // With a single channel, channels-first and channels-last are the same memory; libtorch wants to be told which it is.
        Tensor x = Tensor.create(images, count, 1, Digits.SIDE, Digits.SIDE)
                .contiguous(torch.MemoryFormat.ChannelsLast);
        x = max_pool2d(conv1.forward(x).relu_(), POOL);
        x = max_pool2d(conv2.forward(x).relu_(), POOL);
        x = dropout.forward(x).flatten(1, -1);
        return fc2.forward(fc1.forward(x).relu_());
    }

    @Override
    public void close() {
        adam.close();
        network.close();
    }
}
