package dev.cambium.peers.tensorflow;

import java.io.IOException;

import org.tensorflow.TensorFlow;

import dev.cambium.benchmarks.HandWrittenCnn;
import dev.cambium.peers.Contender;
import dev.cambium.peers.Digits;
import dev.cambium.peers.Serving;
import dev.cambium.peers.Task;

/** A TensorFlow Java graph written by hand. */
public final class TensorFlowContender implements Contender {
    private final HandWrittenCnn network;

    private TensorFlowContender(Task task) {
        if (!task.network().equals(Task.REFERENCE)) {
            throw new IllegalArgumentException("no graph was written by hand for " + task);
        }
        network = new HandWrittenCnn(task.batch(), 1, task.threads(), task.width(), task.seed());
    }

    /** Serves TensorFlow. */
    public static void main(String[] arguments) throws IOException {
        Serving.serve(Task.of(arguments), TensorFlowContender::new);
    }

    @Override
    public String version() {
        return TensorFlow.version();
    }

    @Override
    public double train(Digits.Batches batches, int steps) {
        double loss = 0;
        for (int i = 0; i < steps; i++) {
            Digits.Batch batch = batches.next();
            loss = network.step(batch.images(), batch.labels());
        }
        return loss;
    }

    @Override
    public int[] classify(float[] images, int count) {
        return network.classify(images);
    }

    @Override
    public void close() {
        network.close();
    }
}
