package dev.cambium.tck;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import dev.cambium.backend.Backend;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Gradients;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Op;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Window2d;

/** Matrix products, convolution and pooling, with their gradients, over operands that lie in all ways. */
abstract class ProductChecks {
    private record Factors(Shape left, Shape right) {}

    private static final List<Factors> FACTORS = List.of(new Factors(Shape.of(1, 1), Shape.of(1, 1)),
            new Factors(Shape.of(2, 3), Shape.of(3, 4)), new Factors(Shape.of(0, 3), Shape.of(3, 4)),
            new Factors(Shape.of(2, 0), Shape.of(0, 4)), new Factors(Shape.of(2, 3), Shape.of(3, 0)),
            new Factors(Shape.of(1, 70), Shape.of(70, 1)), new Factors(Shape.of(70, 1), Shape.of(1, 70)),
            new Factors(Shape.of(3, 2, 5), Shape.of(3, 5, 4)), new Factors(Shape.of(0, 2, 5), Shape.of(0, 5, 4)),
            new Factors(Shape.of(2, 3, 4, 5), Shape.of(2, 3, 5, 6)),
            new Factors(Shape.of(2, 1, 3, 4, 5), Shape.of(2, 1, 3, 5, 2)));

    @AutoClose
    private final Backend backend;

    ProductChecks(Backend backend) {
        this.backend = backend;
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void matrices_that_lie_in_any_way(Layout layout) {
        for (Factors factors : FACTORS) {
            for (Layout other : Layout.values()) {
                for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
                    Tensor left = layout.of("left", new TensorType(dtype, factors.left()));
                    Tensor right = other.of("right", new TensorType(dtype, factors.right()));
                    Agreement.SUMS.check(backend, left.matmul(right), Values.forInputsOf(left, right));
                }
            }
        }
    }

    @Test
    void leading_axes_broadcast() {
        Shape[] leading = {Shape.scalar(), Shape.of(1), Shape.of(3), Shape.of(2, 3), Shape.of(2, 1), Shape.of(4, 1, 3),
                Shape.of(4, 2, 1), Shape.of(1, 2, 3)};
        for (Shape one : leading) {
            for (Shape other : leading) {
                Tensor left = Tensor.input("left", matrix(one, 3, 4));
                Tensor right = Tensor.input("right", matrix(other, 4, 2));
                Agreement.SUMS.check(backend, left.matmul(right), Values.forInputsOf(left, right));
                Agreement.SUMS.check(backend, right.transpose().matmul(left.transpose()),
                        Values.forInputsOf(left, right));
            }
        }
    }

    private static TensorType matrix(Shape leading, int rows, int columns) {
        int[] dims = java.util.Arrays.copyOf(leading.dims(), leading.rank() + 2);
        dims[leading.rank()] = rows;
        dims[leading.rank() + 1] = columns;
        return new TensorType(DType.FLOAT32, Shape.of(dims));
    }

    @Test
    void products_large_enough_for_many_parts() {
        Tensor left = Tensor.input("left", new TensorType(DType.FLOAT32, Shape.of(131, 67)));
        Tensor right = Tensor.input("right", new TensorType(DType.FLOAT32, Shape.of(67, 203)));
        Tensor product = left.matmul(right);
        List<Tensor> gradients = Gradients.of(product.mul(product).mean(), List.of(left, right));
        SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
        outputs.put("product", product);
        outputs.put("transposed", product.transpose());
        outputs.put("by left", gradients.get(0));
        outputs.put("by right", gradients.get(1));
        Agreement.SUMS.check(backend, Graph.of(outputs), Values.forInputsOf(left, right));
    }

    @Test
    void nan_and_infinity_come_out_of_products() {
        Tensor left = Tensor.input("left", new TensorType(DType.FLOAT32, Shape.of(20, 7)));
        Tensor right = Tensor.input("right", new TensorType(DType.FLOAT32, Shape.of(7, 20)));
        Map<String, NdArray> inputs = new HashMap<>(Values.forInputsOf(left, right));
        float[] some = Values.random(left.type(), 1).toFloatArray();
        some[3] = Float.NaN;
        some[30] = Float.POSITIVE_INFINITY;
        float[] zeros = new float[140];
        inputs.put("left", NdArray.of(Shape.of(20, 7), some));
        Agreement.SUMS.check(backend, left.matmul(right), inputs);
        inputs.put("right", NdArray.of(Shape.of(7, 20), zeros));
        Agreement.SUMS.check(backend, left.matmul(right), inputs);
    }

    // ---- convolution

    record Convolution(Shape images, Shape weights, Window2d window, int groups) {}

    static Stream<Convolution> convolutions() {
        Window2d three = Window2d.square(3, 1);
        return Stream.of(
                new Convolution(Shape.of(1, 1, 3, 3), Shape.of(1, 1, 3, 3), three, 1),
                new Convolution(Shape.of(2, 3, 7, 5), Shape.of(4, 3, 3, 3), three.padded(1), 1),
                new Convolution(Shape.of(3, 4, 9, 8), Shape.of(6, 2, 3, 3), Window2d.square(3, 2).padded(1), 2),
                new Convolution(Shape.of(2, 6, 8, 9), Shape.of(6, 1, 3, 3), three.samePadding(), 6),
                new Convolution(Shape.of(2, 2, 5, 6), Shape.of(3, 2, 1, 1), Window2d.square(1, 1), 1),
                new Convolution(Shape.of(2, 3, 11, 13), Shape.of(5, 3, 2, 4),
                        new Window2d(2, 4, 3, 2, 2, 1, 1, 0, 2, 3), 1),
                new Convolution(Shape.of(0, 3, 7, 5), Shape.of(4, 3, 3, 3), three, 1),
                new Convolution(Shape.of(2, 0, 7, 5), Shape.of(4, 0, 3, 3), three, 1),
                new Convolution(Shape.of(2, 3, 7, 5), Shape.of(0, 3, 3, 3), three, 1),
                new Convolution(Shape.of(19, 3, 14, 14), Shape.of(33, 3, 5, 5), Window2d.square(5, 1).padded(2), 1));
    }

    @ParameterizedTest
    @MethodSource("convolutions")
    void convolution_and_its_gradients(Convolution each) {
        boolean large = each.images().dim(0) > 10;
        for (DType dtype : large ? List.of(DType.FLOAT32) : List.of(DType.FLOAT32, DType.FLOAT64)) {
            for (Layout layout : large ? List.of(Layout.PLAIN) : List.of(Layout.values())) {
                Tensor images = layout.of("images", new TensorType(dtype, each.images()));
                Tensor weights = layout.of("weights", new TensorType(dtype, each.weights()));
                Tensor result = images.conv2d(weights, each.window(), each.groups());
                Tensor gradient = layout.of("gradient", result.type());
                SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
                outputs.put("result", result);
                outputs.put("by images", Tensor.of(new Op.Conv2dInputGradient(each.window(), each.groups()),
                        images.type(), gradient, weights));
                outputs.put("by weights", Tensor.of(new Op.Conv2dWeightGradient(each.window(), each.groups()),
                        weights.type(), images, gradient));
                Agreement.SUMS.check(backend, Graph.of(outputs), Values.forInputsOf(images, weights, gradient));
            }
        }
    }

    // ---- pooling

    record Pool(Shape images, Window2d window) {}

    static Stream<Pool> pools() {
        return Stream.of(new Pool(Shape.of(1, 1, 2, 2), Window2d.square(2, 2)),
                new Pool(Shape.of(2, 3, 6, 8), Window2d.square(2, 2)),
                new Pool(Shape.of(2, 3, 7, 9), Window2d.square(2, 2)),
                new Pool(Shape.of(3, 2, 9, 7), Window2d.square(3, 2).padded(1)),
                new Pool(Shape.of(2, 5, 6, 6), Window2d.square(3, 1)),
                new Pool(Shape.of(2, 2, 9, 9), new Window2d(2, 3, 2, 1, 3, 2, 1, 0, 0, 1)),
                new Pool(Shape.of(0, 3, 6, 8), Window2d.square(2, 2)),
                new Pool(Shape.of(2, 0, 6, 8), Window2d.square(2, 2)),
                new Pool(Shape.of(17, 3, 10, 12), Window2d.square(2, 2)));
    }

    @ParameterizedTest
    @MethodSource("pools")
    void pooling_and_its_gradients(Pool each) {
        for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
            for (Layout layout : Layout.values()) {
                Tensor images = layout.of("images", new TensorType(dtype, each.images()));
                Agreement.SUMS.check(backend, Graph.of(pooled(images, layout, each.window())),
                        Values.forInputsOf(images, layout.of("gradient", images.maxPool2d(each.window()).type()),
                                layout.of("values", images.type())));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("pools")
    void equals_and_nan_in_pooling(Pool each) {
        Tensor images = Tensor.input("images", new TensorType(DType.FLOAT32, each.images()));
        Map<String, NdArray> inputs = new HashMap<>(Values.forInputsOf(images,
                Tensor.input("gradient", images.maxPool2d(each.window()).type()),
                Tensor.input("values", images.type())));
        for (NdArray values : List.of(Values.whole(images.type(), 1, 3), Values.partlyFinite(images.type(), 3))) {
            inputs.put("images", values);
            Agreement.SUMS.check(backend, Graph.of(pooled(images, Layout.PLAIN, each.window())), inputs);
        }
    }

    @ParameterizedTest
    @MethodSource("pools")
    void pooling_behind_a_bias_and_a_relu(Pool each) {
        for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
            Tensor images = Tensor.input("images", new TensorType(dtype, each.images()));
            Tensor bias = Tensor.input("bias", new TensorType(dtype, Shape.of(each.images().dim(1))));
            Tensor pooled = images.add(bias.reshape(bias.shape().dim(0), 1, 1)).relu().maxPool2d(each.window());
            Tensor gradient = Tensor.input("gradient", pooled.type());
            List<Tensor> gradients = Gradients.of(pooled.mul(gradient).sum(), List.of(images, bias));
            SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
            outputs.put("pooled", pooled);
            outputs.put("by images", gradients.get(0));
            outputs.put("by bias", gradients.get(1));
            Map<String, NdArray> inputs = new HashMap<>(Values.forInputsOf(images, bias, gradient));
            Agreement.SUMS.check(backend, Graph.of(outputs), inputs);
            inputs.put("bias", Values.whole(bias.type(), 3, 2));
            for (NdArray values : List.of(Values.whole(images.type(), 3, 3), Values.partlyFinite(images.type(), 3))) {
                inputs.put("images", values);
                Agreement.SUMS.check(backend, Graph.of(outputs), inputs);
            }
        }
    }

    private static SequencedMap<String, Tensor> pooled(Tensor images, Layout layout, Window2d window) {
        Tensor largest = images.maxPool2d(window);
        Tensor gradient = layout.of("gradient", largest.type());
        Tensor values = layout.of("values", images.type());
        SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
        outputs.put("largest", largest);
        outputs.put("mean", images.avgPool2d(window));
        outputs.put("by images", Tensor.of(new Op.MaxPool2dGradient(window), images.type(), images, gradient));
        outputs.put("picked", Tensor.of(new Op.MaxPool2dPick(window), largest.type(), images, values));
        outputs.put("of the mean", Tensor.of(new Op.SumPool2dGradient(window), images.type(), gradient));
        return outputs;
    }

    @Test
    void a_network_of_convolution_pooling_and_products_with_all_gradients() {
        Tensor images = Tensor.input("images", new TensorType(DType.FLOAT32, Shape.of(18, 2, 13, 11)));
        Tensor first = Tensor.input("first", new TensorType(DType.FLOAT32, Shape.of(5, 2, 3, 3)));
        Tensor bias = Tensor.input("bias", new TensorType(DType.FLOAT32, Shape.of(5)));
        Tensor second = Tensor.input("second", new TensorType(DType.FLOAT32, Shape.of(4, 5, 3, 3)));
        Tensor weights = Tensor.input("weights", new TensorType(DType.FLOAT32, Shape.of(3, 24)));
        Tensor hidden = images.conv2d(first, Window2d.square(3, 1).padded(1), 1).add(bias.reshape(5, 1, 1)).tanh()
                .maxPool2d(2);
        Tensor deep = hidden.conv2d(second, Window2d.square(3, 2).padded(1), 1).sigmoid();
        Tensor output = deep.flatten(1).slice(1, 0, 24).matmul(weights.transpose()).logSoftmax(1);
        Tensor loss = output.slice(1, 1, 2).mean().neg();
        List<Tensor> parameters = List.of(images, first, bias, second, weights);
        List<Tensor> gradients = Gradients.of(loss, parameters);
        SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
        outputs.put("loss", loss);
        outputs.put("output", output);
        for (int i = 0; i < gradients.size(); i++) {
            outputs.put("by " + parameters.get(i), gradients.get(i));
        }
        Agreement.NETWORK.check(backend, Graph.of(outputs), Values.forInputsOf(parameters.toArray(Tensor[]::new)));
    }
}
