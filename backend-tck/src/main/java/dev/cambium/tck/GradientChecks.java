package dev.cambium.tck;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.stream.Stream;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
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

/**
 * The gradients that {@link Gradients} writes for each primitive, and their gradients, computed by a backend. That they are the
 * right ones is checked elsewhere, by finite differences over the reference; here they are graphs as training has them.
 */
abstract class GradientChecks {
    private static final Window2d ODD = new Window2d(3, 2, 2, 1, 1, 1, 1, 0, 0, 1);
    private static final Window2d DILATED = new Window2d(2, 2, 1, 2, 2, 1, 1, 1, 1, 0);

    /** A function of some tensors of given shapes, which are positive where it wants that. */
    record Case(String name, boolean positive, List<Shape> shapes, Function<List<Tensor>, Tensor> function) {
        @Override
        public String toString() {
            return name;
        }
    }

    @AutoClose
    private final Backend backend;

    GradientChecks(Backend backend) {
        this.backend = backend;
    }

    private static Case of(String name, Function<List<Tensor>, Tensor> function, Shape... shapes) {
        return new Case(name, false, List.of(shapes), function);
    }

    private static Case ofPositive(String name, Function<List<Tensor>, Tensor> function, Shape... shapes) {
        return new Case(name, true, List.of(shapes), function);
    }

    private static Tensor primitive(Op op, Tensor like, Shape shape, Tensor... inputs) {
        return Tensor.of(op, new TensorType(like.dtype(), shape), inputs);
    }

    private static Tensor indices(long... values) {
        return Tensor.constant(NdArray.of(Shape.of(values.length), values));
    }

    static Stream<Case> elementwise() {
        Shape shape = Shape.of(5, 7);
        return Stream.of(of("neg", x -> x.get(0).neg(), shape), of("abs", x -> x.get(0).abs(), shape),
                of("sign", x -> x.get(0).sign().mul(x.get(0)), shape), of("exp", x -> x.get(0).exp(), shape),
                of("expm1", x -> x.get(0).expm1(), shape), ofPositive("log", x -> x.get(0).log(), shape),
                ofPositive("log1p", x -> x.get(0).log1p(), shape), ofPositive("sqrt", x -> x.get(0).sqrt(), shape),
                ofPositive("rsqrt", x -> x.get(0).rsqrt(), shape),
                ofPositive("reciprocal", x -> x.get(0).reciprocal(), shape), of("sin", x -> x.get(0).sin(), shape),
                of("cos", x -> x.get(0).cos(), shape), of("tanh", x -> x.get(0).tanh(), shape),
                of("sigmoid", x -> x.get(0).sigmoid(), shape), of("erf", x -> x.get(0).erf(), shape),
                of("floor, ceil, round",
                        x -> x.get(0).floor().add(x.get(0).ceil()).add(x.get(0).round()).mul(x.get(0)), shape),
                of("add", x -> x.get(0).add(x.get(1)).sin(), shape, Shape.of(7)),
                of("sub", x -> x.get(0).sub(x.get(1)).sin(), Shape.of(5, 1), Shape.of(1, 7)),
                of("mul", x -> x.get(0).mul(x.get(1)), shape, Shape.scalar()),
                ofPositive("div", x -> x.get(0).div(x.get(1)), shape, Shape.of(5, 1)),
                ofPositive("pow", x -> x.get(0).pow(x.get(1)), shape, Shape.of(7)),
                of("max", x -> x.get(0).max(x.get(1)).sin(), shape, Shape.of(7)),
                of("max of equals", x -> x.get(0).max(x.get(0).add(0)).sin(), shape),
                of("min", x -> x.get(0).min(x.get(1)).sin(), shape, shape),
                of("select", x -> Tensor.select(x.get(0).gt(x.get(1)), x.get(0).sin(), x.get(1).mul(x.get(0))), shape,
                        shape),
                of("relu", x -> x.get(0).relu().mul(x.get(0)), shape),
                of("cast", x -> x.get(0).cast(DType.FLOAT64).sin().cast(x.get(0).dtype()), shape),
                of("stop gradient", x -> x.get(0).mul(x.get(0).stopGradient()), shape));
    }

    static Stream<Case> reductionsAndMovement() {
        Shape cube = Shape.of(3, 4, 5);
        return Stream.of(of("sum", x -> x.get(0).sin().sum(1).sin(), cube),
                of("mean", x -> x.get(0).mean(0, 2).sin(), cube),
                of("reduce max", x -> x.get(0).max(1).sin(), cube),
                of("reduce min over all", x -> x.get(0).min().sin(), cube),
                of("softmax", x -> x.get(0).softmax(1), cube), of("log softmax", x -> x.get(0).logSoftmax(2), cube),
                of("reshape", x -> x.get(0).reshape(5, -1).sin(), cube),
                of("transpose", x -> x.get(0).transpose(2, 0, 1).sin(), cube),
                of("broadcast", x -> x.get(0).broadcastTo(Shape.of(2, 3, 4)).sin(), Shape.of(3, 1)),
                of("slice", x -> x.get(0).slice(1, 1, 4, 2).sin(), cube),
                of("pad", x -> x.get(0).pad(1, 2, 1).cos(), cube),
                of("pad between neighbours",
                        x -> primitive(new Op.Pad(List.of(1, 0), List.of(0, 2), List.of(2, 1)), x.get(0),
                                Shape.of(5, 7), x.get(0)).cos(),
                        Shape.of(2, 3)),
                of("concat", x -> Tensor.concat(1, List.of(x.get(0), x.get(1), x.get(0))).sin(), Shape.of(2, 3),
                        Shape.of(2, 1)),
                of("reverse", x -> x.get(0).reverse(0, 2).mul(x.get(0)), cube),
                of("gather", x -> x.get(0).gather(indices(2, 0, 2, 2)).sin(), cube),
                of("scatter add", x -> x.get(0).scatterAdd(indices(1, 0, 1), x.get(1)).sin(), Shape.of(4, 2),
                        Shape.of(3, 2)));
    }

    static Stream<Case> productsAndPooling() {
        Shape images = Shape.of(3, 2, 6, 5);
        return Stream.of(of("matmul", x -> x.get(0).matmul(x.get(1)).sin(), Shape.of(4, 3), Shape.of(3, 5)),
                of("matmul of batches", x -> x.get(0).matmul(x.get(1)).sin(), Shape.of(2, 1, 4, 3), Shape.of(3, 3, 2)),
                of("conv2d", x -> x.get(0).conv2d(x.get(1), Window2d.square(3, 1).padded(1), 1).sin(), images,
                        Shape.of(4, 2, 3, 3)),
                of("conv2d, strides and odd padding", x -> x.get(0).conv2d(x.get(1), ODD, 1).sin(), images,
                        Shape.of(4, 2, 3, 2)),
                of("conv2d, dilation and groups", x -> x.get(0).conv2d(x.get(1), DILATED, 2).sin(), images,
                        Shape.of(4, 1, 2, 2)),
                of("max pool", x -> x.get(0).maxPool2d(2).sin(), images),
                of("max pool, overlapping and padded", x -> x.get(0).maxPool2d(ODD).sin(), images),
                of("max pool, dilation", x -> x.get(0).maxPool2d(DILATED).sin(), images),
                of("mean pool", x -> x.get(0).avgPool2d(Window2d.square(2, 2)).sin(), images),
                of("mean pool, overlapping and padded", x -> x.get(0).avgPool2d(ODD).sin(), images));
    }

    @ParameterizedTest
    @MethodSource({"elementwise", "reductionsAndMovement", "productsAndPooling"})
    void first_and_second_gradients(Case each) {
        for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
            List<Tensor> x = new ArrayList<>();
            Map<String, NdArray> inputs = new HashMap<>();
            for (Shape shape : each.shapes()) {
                Tensor input = Tensor.input("x" + x.size(), new TensorType(dtype, shape));
                NdArray value = Values.random(input.type(), x.size());
                inputs.put("x" + x.size(), each.positive() ? positive(value) : value);
                x.add(input);
            }
            List<Tensor> first = Gradients.of(weighted(List.of(each.function().apply(x))), x);
            List<Tensor> second = Gradients.of(weighted(first), x);
            SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
            for (int i = 0; i < x.size(); i++) {
                outputs.put("gradient of %s by x%d".formatted(each, i), first.get(i));
                outputs.put("second gradient of %s by x%d".formatted(each, i), second.get(i));
            }
            Agreement.GRADIENTS.check(backend, Graph.of(outputs), inputs);
        }
    }

    private static NdArray positive(NdArray array) {
        double[] values = array.toDoubleArray();
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.abs(values[i]) + 0.25;
        }
        return Values.of(array.type(), values);
    }

    /** A scalar that depends on every element of some tensors, on each in another way. */
    private static Tensor weighted(List<Tensor> tensors) {
        Tensor sum = Tensor.zeros(new TensorType(tensors.getFirst().dtype(), Shape.scalar()));
        for (Tensor tensor : tensors) {
            sum = sum.add(tensor.mul(Tensor.constant(Values.random(tensor.type(), 5))).sum());
        }
        return sum;
    }
}
