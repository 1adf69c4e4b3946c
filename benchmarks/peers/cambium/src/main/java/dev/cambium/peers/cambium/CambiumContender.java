package dev.cambium.peers.cambium;

import java.io.IOException;
import java.util.Optional;

import dev.cambium.backend.Backend;
import dev.cambium.backend.BackendOptions;
import dev.cambium.backend.Backends;
import dev.cambium.models.Adam;
import dev.cambium.models.CrossEntropy;
import dev.cambium.models.MnistCnn;
import dev.cambium.peers.Contender;
import dev.cambium.peers.Digits;
import dev.cambium.peers.Serving;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.train.Model;
import dev.cambium.train.Trainer;
import dev.cambium.train.TrainingEvent;

/** Cambium on one of its backends, trained by its usual loop. */
public final class CambiumContender implements Contender {
    private final String name;
    private final Backend backend;
    private final Model model;
    private final Trainer trainer;

    private CambiumContender(String name, int threads) {
        this.name = name;
        backend = Backends.open(Optional.of(name), new BackendOptions("cpu", threads));
        model = Model.create(new MnistCnn(0.25), Given.IMAGE, backend, 1);
        trainer = new Trainer(model, new CrossEntropy(), new Adam(0.001), Digits.BATCH);
    }

    /**
     * Serves Cambium.
     *
     * @param arguments
     *            the number of threads and the backend's name
     */
    public static void main(String[] arguments) throws IOException {
        Serving.serve(arguments, threads -> new CambiumContender(arguments[1], threads));
    }

    @Override
    public String version() {
        return Backends.discover().stream().filter(candidate -> candidate.name().equals(name)).findFirst()
                .flatMap(Backends.Candidate::version).orElse("unknown");
    }

    @Override
    public double train(Digits.Batches batches, int steps) {
        double[] loss = new double[1];
        int[] done = new int[1];
        trainer.fit(new Given(batches, steps), Given.one(), Integer.MAX_VALUE, event -> {
            if (event instanceof TrainingEvent.StepEnded step) {
                loss[0] = step.batch().loss();
                if (++done[0] == steps) {
                    trainer.stop();
                }
            }
        });
        return loss[0];
    }

    @Override
    public int[] classify(float[] images, int count) {
        NdArray scores = model.predict(NdArray.of(Shape.of(count, 1, Digits.SIDE, Digits.SIDE), images));
        return Contender.highest(scores.toFloatArray());
    }

    @Override
    public void close() {
        trainer.close();
        model.close();
        backend.close();
    }
}
