package dev.cambium.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import dev.cambium.backend.Backend;
import dev.cambium.backend.BackendOptions;
import dev.cambium.backend.Backends;
import dev.cambium.data.Batch;
import dev.cambium.data.Examples;
import dev.cambium.nn.Initializer;
import dev.cambium.nn.Layer;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Window2d;
import dev.cambium.train.Model;
import dev.cambium.train.Trainer;

/** A model of the user's own, trained through the public interfaces alone on the backend that the services offer. */
@Tag("classpath")
@Tag("kernels")
class TrainingTest {
    private static final Shape IMAGE = Shape.of(1, 8, 8);

    /** Images of a bar, which lies (0) or stands (1) anywhere. */
    private record Bars(int size) implements Examples {
        @Override
        public TensorType inputType() {
            return new TensorType(DType.FLOAT32, IMAGE);
        }

        @Override
        public TensorType targetType() {
            return new TensorType(DType.INT64, Shape.scalar());
        }

        @Override
        public List<String> classNames() {
            return List.of("lying", "standing");
        }

        @Override
        public Batch batch(int epoch, int... indices) {
            float[] images = new float[indices.length * 64];
            long[] labels = new long[indices.length];
            for (int i = 0; i < indices.length; i++) {
                labels[i] = indices[i] % 2;
                int place = indices[i] / 2 % 8;
                int start = indices[i] / 16 % 4;
                for (int k = start; k < start + 4; k++) {
                    images[i * 64 + (labels[i] == 0 ? place * 8 + k : k * 8 + place)] = 1;
                }
            }
            return new Batch(NdArray.of(Shape.of(indices.length, 1, 8, 8), images),
                    NdArray.of(Shape.of(indices.length), labels));
        }
    }

    private static final Initializer SMALL = (type, random) -> random.normal(type).mul(0.3);

    private static final Layer NETWORK = (images, cx) -> {
        Tensor x = images
                .conv2d(cx.parameter("filters", Shape.of(6, 1, 3, 3), SMALL), Window2d.square(3, 1).padded(1), 1)
                .relu().maxPool2d(2).flatten(1);
        Tensor kept = cx.random("mask").uniform(x.type()).lt(Tensor.full(x.type(), 0.9)).cast(DType.FLOAT32);
        x = cx.training() ? x.mul(kept).div(0.9) : x;
        return x.matmul(cx.parameter("weight", Shape.of(96, 2), SMALL)).add(cx.parameter("bias", Shape.of(2), SMALL))
                .logSoftmax(1);
    };

    private static Tensor crossEntropy(Tensor output, Tensor labels) {
        return output.mul(labels.oneHot(2, DType.FLOAT32)).sum(1).mean().neg();
    }

    @Test
    void a_small_network_learns_and_does_so_the_same_way_each_time() {
        var test = new Bars(64);
        double[] losses = new double[2];
        for (int run = 0; run < 2; run++) {
            try (Backend backend = Backends.open(Optional.of("cpu"), new BackendOptions("auto", run + 1));
                    Model model = Model.create(NETWORK, test.inputType(), backend, 7);
                    Trainer trainer = new Trainer(model, TrainingTest::crossEntropy,
                            (parameter, gradient, slots) -> parameter
                                    .sub(slots.set("velocity", slots.get("velocity").mul(0.9).add(gradient)).mul(0.1)),
                            24)) {
                losses[run] = trainer.fit(new Bars(100), test, 12).getLast().test().loss();
                double[] output = model.predict(test.batch(0, 3, 4).inputs()).toDoubleArray();
                assertThat(output[1]).as("standing").isGreaterThan(output[0]);
                assertThat(output[2]).as("lying").isGreaterThan(output[3]);
            }
        }
        assertThat(losses[0]).isLessThan(0.1).isEqualTo(losses[1]);
    }
}
