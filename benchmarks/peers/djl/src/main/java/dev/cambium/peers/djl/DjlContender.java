package dev.cambium.peers.djl;

import java.io.IOException;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Adam;
import ai.djl.training.tracker.Tracker;

import dev.cambium.peers.Contender;
import dev.cambium.peers.Digits;
import dev.cambium.peers.Serving;

/** DJL on PyTorch: its blocks, its trainer and its optimizer. */
public final class DjlContender implements Contender {
    private final Block network = network();
    private final Model model;
    private final Trainer trainer;
    private final ParameterStore parameters;

    private DjlContender() {
        model = Model.newInstance("cnn", "PyTorch");
        model.setBlock(network);
        Loss loss = Loss.softmaxCrossEntropyLoss();
        trainer = model.newTrainer(new DefaultTrainingConfig(loss)
                .optOptimizer(Adam.builder().optLearningRateTracker(Tracker.fixed(0.001f)).build()));
        trainer.initialize(new Shape(Digits.BATCH, 1, Digits.SIDE, Digits.SIDE));
        parameters = new ParameterStore(model.getNDManager(), false);
    }

    private static Block network() {
        Shape pool = new Shape(2, 2);
        return new SequentialBlock().add(convolution(32)).add(Activation.reluBlock())
                .add(Pool.maxPool2dBlock(pool, pool)).add(convolution(64)).add(Activation.reluBlock())
                .add(Pool.maxPool2dBlock(pool, pool)).add(new ChannelDropout(0.25f)).add(Blocks.batchFlattenBlock())
                .add(Linear.builder().setUnits(1000).build()).add(Activation.reluBlock())
                .add(Linear.builder().setUnits(Digits.CLASSES).build());
    }

    private static Block convolution(int filters) {
        return Conv2d.builder().setKernelShape(new Shape(3, 3)).optPadding(new Shape(1, 1)).setFilters(filters).build();
    }

    /** Serves DJL, which must neither ask the network for natives nor tell anybody that it runs. */
    public static void main(String[] arguments) throws IOException {
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        Serving.serve(arguments, (threads, seed) -> {
            System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
            System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
            Engine.getEngine("PyTorch").setRandomSeed(Math.toIntExact(seed));
            return new DjlContender();
        });
    }

    @Override
    public String version() {
        return "%s, PyTorch %s".formatted(Engine.getDjlVersion(), Engine.getEngine("PyTorch").getVersion());
    }

    @Override
    public double train(Digits.Batches batches, int steps) {
        double loss = 0;
        for (int i = 0; i < steps; i++) {
            loss = step(batches.next());
        }
        return loss;
    }

    private double step(Digits.Batch batch) {
        try (NDManager manager = trainer.getManager().newSubManager()) {
            NDList images = new NDList(images(manager, batch.images(), batch.labels().length));
            NDList labels = new NDList(manager.create(batch.labels()));
            NDArray loss;
            try (GradientCollector collector = trainer.newGradientCollector()) {
                loss = trainer.getLoss().evaluate(labels, trainer.forward(images));
                collector.backward(loss);
            }
            trainer.step();
            return loss.getFloat();
        }
    }

    @Override
    public int[] classify(float[] images, int count) {
        try (NDManager manager = model.getNDManager().newSubManager()) {
            NDList scores = network.forward(parameters, new NDList(images(manager, images, count)), false);
            return Contender.highest(scores.singletonOrThrow().toFloatArray());
        }
    }

    private static NDArray images(NDManager manager, float[] images, int count) {
        return manager.create(images, new Shape(count, 1, Digits.SIDE, Digits.SIDE));
    }

    @Override
    public void close() {
        trainer.close();
        model.close();
    }
}
