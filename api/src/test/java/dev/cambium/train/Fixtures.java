package dev.cambium.train;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

import dev.cambium.data.Batch;
import dev.cambium.data.Examples;
import dev.cambium.nn.Context;
import dev.cambium.nn.Initializer;
import dev.cambium.nn.Layer;
import dev.cambium.nn.Loss;
import dev.cambium.nn.Metric;
import dev.cambium.nn.Optimizer;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;

/** The smallest parts that something can be trained with. */
final class Fixtures {
    private Fixtures() {}

    /** A weight that is a single number. */
    static double number(Map<String, NdArray> weights, String name) {
        return Objects.requireNonNull(weights.get(name)).item();
    }

    static TensorType floats(int... dims) {
        return new TensorType(DType.FLOAT32, Shape.of(dims));
    }

    /** x · weight + bias. */
    record Dense(int outputs) implements Layer {
        @Override
        public Tensor forward(Tensor x, Context cx) {
            Tensor weight = cx.parameter("weight", Shape.of(x.shape().dim(-1), outputs), Initializer.uniform(1));
            return x.matmul(weight).add(cx.parameter("bias", Shape.of(outputs), Initializer.zeros()));
        }
    }

    /** A hidden layer of tanh units and one output. */
    record Hidden(int units) implements Layer {
        @Override
        public Tensor forward(Tensor x, Context cx) {
            return cx.call("fc2", new Dense(1), cx.call("fc1", new Dense(units), x).tanh());
        }
    }

    /** Adds noise while training and counts the steps. */
    record Noisy() implements Layer {
        @Override
        public Tensor forward(Tensor x, Context cx) {
            Tensor y = cx.call("fc", new Dense(1), x);
            Tensor steps = cx.state("steps", Shape.scalar(), Initializer.zeros());
            if (!cx.training()) {
                return y;
            }
            cx.update("steps", steps.add(1));
            return y.add(cx.random("noise").uniform(y.type()));
        }
    }

    /** The mean squared error. */
    record SquaredError() implements Loss {
        @Override
        public Tensor loss(Tensor predictions, Tensor targets) {
            Tensor error = predictions.sub(targets.cast(predictions.dtype()).reshape(predictions.shape()));
            return error.mul(error).mean();
        }
    }

    /** Gradient descent. */
    record Descent(double rate) implements Optimizer {
        @Override
        public Tensor update(Tensor parameter, Tensor gradient, Slots slots) {
            return parameter.sub(gradient.mul(rate));
        }
    }

    /** Gradient descent with momentum. */
    record Momentum(double rate) implements Optimizer {
        @Override
        public Tensor update(Tensor parameter, Tensor gradient, Slots slots) {
            Tensor velocity = slots.set("velocity", slots.get("velocity").mul(0.9).add(gradient));
            return parameter.sub(velocity.mul(rate));
        }
    }

    /** How many predictions are within ½ of their target, and of how many. */
    record Near() implements Metric {
        @Override
        public Tensor statistics(Tensor predictions, Tensor targets) {
            Tensor error = predictions.sub(targets.reshape(predictions.shape())).abs();
            Tensor near = error.lt(Tensor.full(error.type(), 0.5)).cast(DType.FLOAT32);
            return Tensor.stack(0, List.of(near.sum(), Tensor.full(floats(), (double) predictions.shape().size())));
        }

        @Override
        public NdArray result(NdArray totals) {
            return NdArray.of(Shape.scalar(), totals.getDouble(0) / totals.getDouble(1));
        }
    }

    /** Rows of numbers, the last of each being the target; remembers what was asked for. */
    static final class Table implements Examples {
        final List<List<Integer>> asked = new CopyOnWriteArrayList<>();
        private final float[][] rows;

        Table(float[]... rows) {
            this.rows = rows;
        }

        @Override
        public int size() {
            return rows.length;
        }

        @Override
        public TensorType inputType() {
            return floats(rows[0].length - 1);
        }

        @Override
        public TensorType targetType() {
            return floats(1);
        }

        @Override
        public List<String> classNames() {
            return List.of();
        }

        @Override
        public Batch batch(int epoch, int... indices) {
            asked.add(Arrays.stream(indices).boxed().toList());
            int columns = rows[0].length - 1;
            float[] inputs = new float[indices.length * columns];
            float[] targets = new float[indices.length];
            for (int i = 0; i < indices.length; i++) {
                System.arraycopy(rows[indices[i]], 0, inputs, i * columns, columns);
                targets[i] = rows[indices[i]][columns];
            }
            return new Batch(NdArray.of(Shape.of(indices.length, columns), inputs),
                    NdArray.of(Shape.of(indices.length, 1), targets));
        }
    }

    /** Points of the line y = 2x + 1. */
    static Table line(int points) {
        return new Table(
                IntStream.range(0, points).mapToObj(i -> new float[] {i / (float) points, 1 + 2 * i / (float) points})
                        .toArray(float[][]::new));
    }

    /** Exclusive or. */
    static Table exclusiveOr() {
        return new Table(new float[] {0, 0, 0}, new float[] {0, 1, 1}, new float[] {1, 0, 1}, new float[] {1, 1, 0});
    }
}
