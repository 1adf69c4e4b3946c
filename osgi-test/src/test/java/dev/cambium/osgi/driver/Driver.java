package dev.cambium.osgi.driver;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

import dev.cambium.backend.Backend;
import dev.cambium.backend.BackendOptions;
import dev.cambium.backend.Backends;
import dev.cambium.data.Batch;
import dev.cambium.data.Examples;
import dev.cambium.models.Network;
import dev.cambium.nn.Layer;
import dev.cambium.nn.Loss;
import dev.cambium.nn.Optimizer;
import dev.cambium.part.Parts;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.TensorType;
import dev.cambium.train.Model;
import dev.cambium.train.Trainer;

/**
 * Offers a training run as a service: what the layer {@code scale} makes of 1, then the loss of each of five epochs of a network
 * with that layer. Every part and the backend are found by name, as providers in bundles offer them at that moment.
 */
public final class Driver implements BundleActivator, Supplier<List<Double>> {
    private static final TensorType POINT = new TensorType(DType.FLOAT32, Shape.of(2));

    /** For the framework. */
    public Driver() {}

    @Override
    public void start(BundleContext context) {
        context.registerService(Supplier.class, this, null);
    }

    @Override
    public void stop(BundleContext context) {}

    @Override
    public List<Double> get() {
        Parts parts = Parts.discover();
        Layer scale = parts.create(Layer.class, "scale", Map.of());
        var results = new ArrayList<Double>();
        try (Backend backend = Backends.open(Optional.of("cpu"), BackendOptions.defaults())) {
            try (Model model = Model.create(scale, POINT, backend, 1)) {
                results.add(model.predict(NdArray.of(Shape.of(1, 2), 1f, 1f)).getDouble(0));
            }
            Layer network = Network.of(parts.create(Layer.class, "linear", Map.of("outFeatures", 2)), scale);
            try (Model model = Model.create(network, POINT, backend, 1);
                    Trainer trainer = new Trainer(model, parts.create(Loss.class, "cross-entropy", Map.of()),
                            parts.create(Optimizer.class, "sgd", Map.of("learningRate", 0.1)), 8)) {
                trainer.fit(new Halves(), new Halves(), 5).forEach(epoch -> results.add(epoch.train().loss()));
            }
        }
        return results;
    }

    /** Points on a circle; the class is whether the first coordinate is the larger. */
    private record Halves() implements Examples {
        @Override
        public int size() {
            return 64;
        }

        @Override
        public TensorType inputType() {
            return POINT;
        }

        @Override
        public TensorType targetType() {
            return new TensorType(DType.INT64, Shape.scalar());
        }

        @Override
        public List<String> classNames() {
            return List.of("below", "above");
        }

        @Override
        public Batch batch(int epoch, int... indices) {
            float[] points = new float[2 * indices.length];
            long[] classes = new long[indices.length];
            for (int i = 0; i < indices.length; i++) {
                double angle = 2 * Math.PI * indices[i] / size();
                points[2 * i] = (float) Math.cos(angle);
                points[2 * i + 1] = (float) Math.sin(angle);
                classes[i] = points[2 * i] > points[2 * i + 1] ? 1 : 0;
            }
            return new Batch(NdArray.of(Shape.of(indices.length, 2), points),
                    NdArray.of(Shape.of(indices.length), classes));
        }
    }
}
