package dev.cambium.golden;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Computes the golden values with PyTorch and writes them, one file a group of cases. The only argument is the folder
 * to write to.
 */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 1) {
            throw new IllegalArgumentException("expected one argument, the folder to write to; got "
                    + List.of(arguments));
        }
        Path folder = Path.of(arguments[0]).normalize();
        torch.set_num_threads(1);
        // Many results point into an object of PyTorch's that no Java reference keeps alive: the scope does.
        try (var _ = new PointerScope()) {
            GoldenFile.write(folder, "conv2d", Convolutions.conv2d());
            GoldenFile.write(folder, "conv_transpose2d", Convolutions.convTranspose2d());
            GoldenFile.write(folder, "max_pool2d", Pooling.maxPool2d());
            GoldenFile.write(folder, "linear", Products.linear());
            GoldenFile.write(folder, "matmul", Products.matmul());
            GoldenFile.write(folder, "attention", Products.attention());
            GoldenFile.write(folder, "activations", Activations.cases());
            GoldenFile.write(folder, "losses", Losses.cases());
            GoldenFile.write(folder, "optimizers", Optimizers.cases());
            GoldenFile.write(folder, "normalization", Normalizations.cases());
            GoldenFile.write(folder, "embedding", Sequences.embedding());
            GoldenFile.write(folder, "lstm_cell", Sequences.lstmCell());
            GoldenFile.write(folder, "elementwise", Elementwise.cases());
            GoldenFile.write(folder, "reductions", Reductions.cases());
            GoldenFile.write(folder, "initialization", Initialization.cases());
            GoldenFile.write(folder, "reference_cnn", ReferenceCnn.cases());
            GoldenFile.writeStateDict(folder, "mnist_cnn_state_dict", ReferenceCnn.stateDict());
        }
    }
}
