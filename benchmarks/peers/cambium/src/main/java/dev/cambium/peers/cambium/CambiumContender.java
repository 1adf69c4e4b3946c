package dev.cambium.peers.cambium;

import java.io.IOException;
import java.util.List;
import java.util.Map;

import dev.cambium.backend.Backend;
import dev.cambium.backend.BackendOptions;
import dev.cambium.backend.BackendProvider;
import dev.cambium.backend.Backends;
import dev.cambium.models.Adam;
import dev.cambium.models.CrossEntropy;
import dev.cambium.part.Parts;
import dev.cambium.peers.Contender;
import dev.cambium.peers.Digits;
import dev.cambium.peers.Serving;
import dev.cambium.peers.Task;
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

    private CambiumContender(String name, boolean dense, Task task) {
        this.name = name;
        backend = Backends.open(provider(name, dense, task.threads()));
        model = Model.create(Networks.of(task), Given.IMAGE, backend, task.seed());
        trainer = new Trainer(model, new CrossEntropy(), new Adam(0.001), task.batch());
    }

    private static BackendProvider provider(String name, boolean dense, int threads) {
        Backends.Candidate backend = Backends.named(Parts.discover(), name);
        return dense
                ? backend.type().create(Map.of("threads", threads, "skipZeros", false))
                : backend.with(new BackendOptions("cpu", threads));
    }

    /**
     * Serves Cambium.
     *
     * @param arguments
     *            the task, the backend's name, and {@code dense} if it is not to skip zeros
     */
    public static void main(String[] arguments) throws IOException {
        List<String> own = List.of(arguments).subList(Task.of(arguments).arguments().size(), arguments.length);
        Serving.serve(Task.of(arguments),
                task -> new CambiumContender(own.getFirst(), own.contains("dense"), task));
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
