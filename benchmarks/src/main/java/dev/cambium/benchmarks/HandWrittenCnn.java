package dev.cambium.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.OperationBuilder;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.op.random.RandomUniform;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.RunOptions;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

import dev.cambium.data.Batch;
import dev.cambium.data.Examples;

/**
 * The reference network with Adam as a user of TensorFlow Java writes it who wants it fast, without Cambium: images and kernels
 * channels-last, resource variables, gradients by hand (TensorFlow's C++ gradients know no sparse cross-entropy), and a whole
 * training step in one {@code Session.run}.
 *
 * <p>
 * Three choices were measured. Pooling is TensorFlow's {@code MaxPool}, since the {@code MaxPoolV2} that {@code Ops} writes has no
 * oneDNN kernel and takes 20 times as long. The gradient by the input of the first linear layer is the transpose of weights · gradientᵀ,
 * since oneDNN is slow at large transposed right factors. The caller's thread runs the operations, each of which uses all threads.
 */
public final class HandWrittenCnn implements AutoCloseable {
    private static final List<Long> ONES = List.of(1L, 1L, 1L, 1L);
    private static final long[] POOL = {1, 2, 2, 1};
    private static final float DROPOUT = 0.25f;
    private static final float LEARNING_RATE = 0.001f;
    private static final float BETA1 = 0.9f;
    private static final float BETA2 = 0.999f;
    private static final float EPSILON = 1e-8f;
    private static final RunOptions ON_THE_CALLERS_THREAD = RunOptions.newBuilder().setInterOpThreadPool(-1).build();
    private static final int SIDE = 28;
    private static final int CLASSES = 10;

    /** A variable, as it is before this step's update, with Adam's two means. */
    private record Parameter(Operand<?> handle, Operand<TFloat32> value, Operand<?> mean, Operand<?> square) {}

    /** The network's operations from images to scores, of which the backward pass wants some. */
    private record Forward(Operand<TFloat32> relu1, Operand<TFloat32> pool1, Operand<TFloat32> relu2,
            Operand<TFloat32> pool2, Operand<TFloat32> flat, Operand<TFloat32> relu3, Operand<TFloat32> scores) {}

    private final Graph graph = new Graph();
    private final Ops tf = Ops.create(graph);
    private final Session session;
    private final List<Op> initialize = new ArrayList<>();
    private final List<Operation> update = new ArrayList<>();

    private final long seed;
    private final int batch;
    private final int testBatch;
    private final Placeholder<TFloat32> images;
    private final Placeholder<TInt64> labels;
    private final Placeholder<TFloat32> testImages;
    private final Operand<TFloat32> loss;
    private final Operand<TInt64> predictions;

    private final int channels1;
    private final int channels2;
    private final int flat;
    private final Parameter conv1Weight;
    private final Parameter conv1Bias;
    private final Parameter conv2Weight;
    private final Parameter conv2Bias;
    private final Parameter fc1Weight;
    private final Parameter fc1Bias;
    private final Parameter fc2Weight;
    private final Parameter fc2Bias;

    /** Builds the graph of the reference network itself; see {@link #HandWrittenCnn(int, int, int, double, long)}. */
    public HandWrittenCnn(int batch, int testBatch, int threads) {
        this(batch, testBatch, threads, 1, 1);
    }

    /**
     * Builds the graph and initializes its variables.
     *
     * @param batch
     *            how many images a step takes
     * @param testBatch
     *            how many images {@link #accuracy} takes at a time
     * @param threads
     *            how many threads an operation uses; TensorFlow has one pool in a process, of the size that its first session wants
     * @param width
     *            how many times as many channels and hidden units as the reference network it has
     * @param seed
     *            of the first weights and of dropout
     */
    public HandWrittenCnn(int batch, int testBatch, int threads, double width, long seed) {
        this.seed = seed;
        this.batch = batch;
        this.testBatch = testBatch;
        channels1 = (int) (32 * width);
        channels2 = (int) (64 * width);
        flat = 7 * 7 * channels2;
        int hidden = (int) (1000 * width);
        conv1Weight = parameter("conv1.weight", 9, 3, 3, 1, channels1);
        conv1Bias = parameter("conv1.bias", 9, channels1);
        conv2Weight = parameter("conv2.weight", 9 * channels1, 3, 3, channels1, channels2);
        conv2Bias = parameter("conv2.bias", 9 * channels1, channels2);
        fc1Weight = parameter("fc1.weight", flat, flat, hidden);
        fc1Bias = parameter("fc1.bias", flat, hidden);
        fc2Weight = parameter("fc2.weight", hidden, hidden, CLASSES);
        fc2Bias = parameter("fc2.bias", hidden, CLASSES);
        images = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(batch, SIDE, SIDE, 1)));
        labels = tf.placeholder(TInt64.class, Placeholder.shape(Shape.of(batch)));
        testImages = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, SIDE, SIDE, 1)));

        loss = trainingStep();
        Forward test = forward(testImages, -1, tf.constant(1f));
        predictions = tf.math.argMax(test.scores(), tf.constant(1));

        session = new Session(graph, ConfigProto.newBuilder().setIntraOpParallelismThreads(threads)
                .setInterOpParallelismThreads(1).build());
        Session.Runner first = session.runner();
        initialize.forEach(first::addTarget);
        first.run().close();
    }

    /** Uniform in ±1/√inputs, as PyTorch initializes layers. */
    private Parameter parameter(String name, int inputs, long... shape) {
        float bound = (float) (1 / Math.sqrt(inputs));
        var dims = tf.constant(shape);
        var uniform = tf.random.statelessRandomUniform(dims, tf.constant(new long[] {seed, name.hashCode()}),
                TFloat32.class);
        Operand<?> handle = variable(name, Shape.of(shape),
                tf.math.mul(tf.math.sub(uniform, tf.constant(0.5f)), tf.constant(2 * bound)));
        return new Parameter(handle, tf.readVariableOp(handle, TFloat32.class),
                variable(name + ".mean", Shape.of(shape), tf.fill(dims, tf.constant(0f))),
                variable(name + ".square", Shape.of(shape), tf.fill(dims, tf.constant(0f))));
    }

    private Operand<?> variable(String name, Shape shape, Operand<TFloat32> initial) {
        var handle = tf.varHandleOp(TFloat32.class, shape, VarHandleOp.sharedName(name));
        initialize.add(tf.assignVariableOp(handle, initial));
        return handle;
    }

    private Forward forward(Operand<TFloat32> input, int size, Operand<TFloat32> mask) {
        var conv1 = tf.nn.conv2d(input, conv1Weight.value(), ONES, "SAME");
        var relu1 = tf.nn.relu(tf.nn.biasAdd(conv1, conv1Bias.value()));
        var pool1 = pool("MaxPool", relu1);
        var conv2 = tf.nn.conv2d(pool1, conv2Weight.value(), ONES, "SAME");
        var relu2 = tf.nn.relu(tf.nn.biasAdd(conv2, conv2Bias.value()));
        var pool2 = pool("MaxPool", relu2);
        var flattened = tf.reshape(tf.math.mul(pool2, mask), tf.constant(new int[] {size, flat}));
        var relu3 = tf.nn.relu(tf.nn.biasAdd(tf.linalg.matMul(flattened, fc1Weight.value()), fc1Bias.value()));
        var scores = tf.nn.biasAdd(tf.linalg.matMul(relu3, fc2Weight.value()), fc2Bias.value());
        return new Forward(relu1, pool1, relu2, pool2, flattened, relu3, scores);
    }

    /** Forward, backward and update; gives the mean loss. */
    private Operand<TFloat32> trainingStep() {
        var uniform = tf.random.randomUniform(tf.constant(new int[] {batch, 1, 1, channels2}), TFloat32.class,
                RandomUniform.seed(seed), RandomUniform.seed2(2L));
        var kept = tf.dtypes.cast(tf.math.greaterEqual(uniform, tf.constant(DROPOUT)), TFloat32.class);
        var mask = tf.math.mul(kept, tf.constant(1 / (1 - DROPOUT)));
        Forward net = forward(images, batch, mask);
        var entropy = tf.nn.sparseSoftmaxCrossEntropyWithLogits(net.scores(), labels);

        // From here on a name means the loss's gradient by what the forward pass calls so.
        var scores = tf.math.mul(entropy.backprop(), tf.constant(1f / batch));
        var fc1 = tf.nn.reluGrad(tf.linalg.matMul(scores, fc2Weight.value(), MatMul.transposeB(true)), net.relu3());
        var flattened = tf.linalg.transpose(tf.linalg.matMul(fc1Weight.value(), fc1, MatMul.transposeB(true)),
                tf.constant(new int[] {1, 0}));
        var pool2 = tf.math.mul(tf.reshape(flattened, tf.constant(new int[] {batch, 7, 7, channels2})), mask);
        var conv2 = tf.nn.reluGrad(pool("MaxPoolGrad", net.relu2(), net.pool2(), pool2), net.relu2());
        var pool1 = tf.nn.conv2dBackpropInput(tf.constant(new int[] {batch, 14, 14, channels1}), conv2Weight.value(),
                conv2,
                ONES, "SAME");
        var conv1 = tf.nn.reluGrad(pool("MaxPoolGrad", net.relu1(), net.pool1(), pool1), net.relu1());

        var adam = new Adam(conv1);
        adam.update(conv1Weight,
                tf.nn.conv2dBackpropFilter(images, tf.constant(new int[] {3, 3, 1, channels1}), conv1, ONES, "SAME"));
        adam.update(conv1Bias, tf.nn.biasAddGrad(conv1));
        adam.update(conv2Weight,
                tf.nn.conv2dBackpropFilter(net.pool1(), tf.constant(new int[] {3, 3, channels1, channels2}), conv2,
                        ONES, "SAME"));
        adam.update(conv2Bias, tf.nn.biasAddGrad(conv2));
        adam.update(fc1Weight, tf.linalg.matMul(net.flat(), fc1, MatMul.transposeA(true)));
        adam.update(fc1Bias, tf.nn.biasAddGrad(fc1));
        adam.update(fc2Weight, tf.linalg.matMul(net.relu3(), scores, MatMul.transposeA(true)));
        adam.update(fc2Bias, tf.nn.biasAddGrad(scores));
        adam.finish();
        return tf.math.mean(entropy.loss(), tf.constant(0));
    }

    private Output<TFloat32> pool(String type, Operand<?>... inputs) {
        OperationBuilder operation = tf.scope().opBuilder(type, type);
        for (Operand<?> input : inputs) {
            operation.addInput(input.asOutput());
        }
        return operation.setAttr("T", DataType.DT_FLOAT).setAttr("ksize", POOL).setAttr("strides", POOL)
                .setAttr("padding", "VALID").build().output(0);
    }

    /** Adam's updates, and the powers of its betas, which are variables too. */
    private final class Adam {
        private final Ops afterReads;
        private final Operand<?> power1 = variable("adam.power1", Shape.scalar(), tf.constant(BETA1));
        private final Operand<?> power2 = variable("adam.power2", Shape.scalar(), tf.constant(BETA2));
        private final Operand<TFloat32> value1 = tf.readVariableOp(power1, TFloat32.class);
        private final Operand<TFloat32> value2 = tf.readVariableOp(power2, TFloat32.class);
        private final Operand<TFloat32> learningRate = tf.constant(LEARNING_RATE);
        private final Operand<TFloat32> beta1 = tf.constant(BETA1);
        private final Operand<TFloat32> beta2 = tf.constant(BETA2);
        private final Operand<TFloat32> epsilon = tf.constant(EPSILON);

        /**
         * An update copies the variable if one who read it still holds its value.
         *
         * @param lastReader
         *            what comes after all that read parameters
         */
        Adam(Op lastReader) {
            afterReads = tf.withControlDependencies(lastReader);
        }

        void update(Parameter parameter, Operand<TFloat32> gradient) {
            var applied = afterReads.train.resourceApplyAdam(parameter.handle(), parameter.mean(), parameter.square(),
                    value1, value2, learningRate, beta1, beta2, epsilon, gradient);
            update.add(applied.op());
        }

        void finish() {
            Ops afterUpdates = tf.withControlDependencyOps(update);
            update.add(afterUpdates.assignVariableOp(power1, tf.math.mul(value1, beta1)).op());
            update.add(afterUpdates.assignVariableOp(power2, tf.math.mul(value2, beta2)).op());
        }
    }

    /** Trains on one batch and gives its loss before the update. */
    float step(Batch examples) {
        return step(examples.inputs().toFloatArray(), examples.targets().toLongArray());
    }

    /** Trains on one batch and gives its loss before the update. */
    public float step(float[] pixels, long[] digits) {
        try (TFloat32 inputs = images(pixels);
                TInt64 targets = TInt64.tensorOf(Shape.of(batch), DataBuffers.of(digits))) {
            Session.Runner runner = session.runner().feed(images, inputs).feed(labels, targets).fetch(loss)
                    .setOptions(ON_THE_CALLERS_THREAD);
            update.forEach(runner::addTarget);
            try (Result result = runner.run()) {
                return ((TFloat32) result.get(0)).getFloat();
            }
        }
    }

    /** The share of examples whose highest score is at their label; a last incomplete batch is left out. */
    double accuracy(Examples examples) {
        int correct = 0;
        int seen = 0;
        for (; seen + testBatch <= examples.size(); seen += testBatch) {
            Batch part = examples.batch(0, IntStream.range(seen, seen + testBatch).toArray());
            int[] classes = classify(part.inputs().toFloatArray());
            for (int i = 0; i < testBatch; i++) {
                correct += classes[i] == part.targets().getLong(i) ? 1 : 0;
            }
        }
        return (double) correct / seen;
    }

    /** The class with the highest score for each of some images. */
    public int[] classify(float... pixels) {
        try (TFloat32 inputs = images(pixels);
                Result result = session.runner().feed(testImages, inputs).fetch(predictions).run()) {
            var classes = (TInt64) result.get(0);
            return IntStream.range(0, (int) classes.size()).map(i -> (int) classes.getLong(i)).toArray();
        }
    }

    /** With a single channel, channels-first and channels-last are the same. */
    private static TFloat32 images(float... pixels) {
        return TFloat32.tensorOf(Shape.of(pixels.length / (SIDE * SIDE), SIDE, SIDE, 1), DataBuffers.of(pixels));
    }

    @Override
    public void close() {
        session.close();
        graph.close();
    }
}
