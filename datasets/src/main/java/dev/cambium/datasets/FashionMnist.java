package dev.cambium.datasets;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import dev.cambium.data.DataEnvironment;
import dev.cambium.data.Dataset;
import dev.cambium.data.Splits;
import dev.cambium.part.Part;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.TensorType;

/**
 * Fashion-MNIST: 60,000 images of clothes to learn from and 10,000 to be judged by (H. Xiao, K. Rasul, R. Vollgraf,
 * arXiv:1708.07747), harder than MNIST and of the same form. Inputs are float32[1, 28, 28] in 0 … 1; targets are int64
 * scalars. Every file is checked against the digest of the original distribution.
 *
 * <p>
 * Looked for in this order: the user's folder (which may hold the files, {@code .gz} or plain, or a folder
 * {@code fashion-mnist} that does); the cache; the folder of Debian's package {@code dataset-fashion-mnist}; the public
 * buckets of its authors and of Keras.
 */
@Part(name = "fashion-mnist",
        description = "70,000 pieces of clothing, 28×28 grey pixels, 10 classes (Xiao, Rasul, Vollgraf)")
public record FashionMnist() implements Dataset {
    private static final IdxImages FILES = new IdxImages("fashion-mnist",
            new IdxFile("train-images-idx3-ubyte", Shape.of(60_000, 28, 28),
                    "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"),
            new IdxFile("train-labels-idx1-ubyte", Shape.of(60_000),
                    "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
            new IdxFile("t10k-images-idx3-ubyte", Shape.of(10_000, 28, 28),
                    "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"),
            new IdxFile("t10k-labels-idx1-ubyte", Shape.of(10_000),
                    "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"),
            List.of("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag",
                    "Ankle boot"),
            List.of(new Source.Folder(Path.of("/usr/share/datasets/fashion-mnist")),
                    new Mirror("https://fashion-mnist.s3.eu-central-1.amazonaws.com/"),
                    new Mirror("https://storage.googleapis.com/tensorflow/tf-keras-datasets/")));

    @Override
    public Splits load(DataEnvironment environment) {
        return FILES.load(environment);
    }

    @Override
    public Optional<TensorType> inputType() {
        return Optional.of(FILES.inputType());
    }
}
