package dev.cambium.train;

import static dev.cambium.Stability.Level.EXPERIMENTAL;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

import dev.cambium.CambiumException;
import dev.cambium.Stability;
import dev.cambium.backend.Executable;
import dev.cambium.data.Batch;
import dev.cambium.data.Examples;
import dev.cambium.nn.Loss;
import dev.cambium.nn.Metric;
import dev.cambium.nn.Optimizer;
import dev.cambium.nn.Trace;
import dev.cambium.tensor.Gradients;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.LayerPath;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Variable;

/**
 * The training loop: epochs of shuffled mini-batches, each a step that is one run of one compiled graph (forward, backward and
 * update together), and an evaluation after each epoch. The run follows from the model's seed alone: same seed, same backend,
 * same weights to the bit. Not for use by several threads at once, but for {@link #stop}.
 */
@Stability(value = EXPERIMENTAL, since = "0.1")
public final class Trainer implements AutoCloseable {
    private final Model model;
    private final Loss loss;
    private final Optimizer optimizer;
    private final int batchSize;
    private final SequencedMap<String, Metric> metrics;
    private final Map<TensorType, Executable> steps = new HashMap<>();
    private volatile boolean stopping;

    /**
     * A trainer without metrics.
     *
     * @param model
     *            what is trained; it stays the caller's to close
     * @param loss
     *            what is made small
     * @param optimizer
     *            how parameters follow from gradients
     * @param batchSize
     *            how many examples a step takes, at least 1; an epoch's last step takes what is left
     */
    public Trainer(Model model, Loss loss, Optimizer optimizer, int batchSize) {
        this(model, loss, optimizer, batchSize, new LinkedHashMap<>());
    }

    /**
     * A trainer that measures more than the loss.
     *
     * @param model
     *            what is trained; it stays the caller's to close
     * @param loss
     *            what is made small
     * @param optimizer
     *            how parameters follow from gradients
     * @param batchSize
     *            how many examples a step takes, at least 1; an epoch's last step takes what is left
     * @param metrics
     *            by the names under which their results are given; {@code loss} is taken
     * @throws CambiumException
     *             if the batch size or a metric's name can't be
     */
    public Trainer(Model model, Loss loss, Optimizer optimizer, int batchSize, SequencedMap<String, Metric> metrics) {
        Model.requireSensible(batchSize, metrics);
        this.model = model;
        this.loss = loss;
        this.optimizer = optimizer;
        this.batchSize = batchSize;
        this.metrics = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(metrics));
    }

    /** The metrics by name. */
    public SequencedMap<String, Metric> metrics() {
        return metrics;
    }

    /**
     * Trains for some epochs. A second call goes on after the model's last step: an epoch that {@link #stop} cut short is finished
     * first, counts as one of the epochs, and the run comes to the same weights as without the stop.
     *
     * @param train
     *            the examples to learn from
     * @param test
     *            the examples to evaluate on after each epoch
     * @param epochs
     *            how many
     * @param callbacks
     *            told what happens, in this order
     * @return what came of each epoch, the last one possibly cut short by {@link #stop}
     * @throws CambiumException
     *             if the examples do not fit the model
     */
    public List<TrainingEvent.EpochEnded> fit(Examples train, Examples test, int epochs,
            TrainingListener... callbacks) {
        model.requireFit(train);
        model.requireFit(test);
        try {
            long stepsPerEpoch = Math.ceilDiv((long) train.size(), batchSize);
            long step = model.buffer(Trace.STEP).read().getLong(0);
            long last = (step / stepsPerEpoch + epochs) * stepsPerEpoch;
            tell(callbacks, new TrainingEvent.Started(epochs, stepsPerEpoch, step + 1));
            var history = new ArrayList<TrainingEvent.EpochEnded>();
            while (step < last && (history.isEmpty() || !stopping)) {
                TrainingEvent.EpochEnded ended = epoch(train, test, step, stepsPerEpoch, callbacks);
                step = ended.step();
                history.add(ended);
                tell(callbacks, ended);
            }
            tell(callbacks, new TrainingEvent.Ended(step < last));
            return List.copyOf(history);
        } finally {
            stopping = false;
        }
    }

    /** Trains from a step to the end of its epoch, at least one step. */
    private TrainingEvent.EpochEnded epoch(Examples train, Examples test, long done, long stepsPerEpoch,
            TrainingListener... callbacks) {
        int epoch = Math.toIntExact(done / stepsPerEpoch);
        long seed = model.buffer(Trace.SEED).read().getLong(0);
        long step = done;
        var totals = new Totals(metrics);
        try (var batches = new BatchQueue(train, batchSize, epoch, Optional.of(seed), (int) (done % stepsPerEpoch))) {
            for (Batch batch = batches.next(); batch != null; batch = stopping ? null : batches.next()) {
                SequencedMap<String, NdArray> scores = step(batch).run(Model.feed(batch));
                step++;
                totals.add(scores, batch.size());
                var single = new Totals(metrics);
                single.add(scores, batch.size());
                tell(callbacks,
                        new TrainingEvent.StepEnded(epoch + 1, step, single.evaluation(), totals.evaluation()));
            }
        }
        return new TrainingEvent.EpochEnded(epoch + 1, step, totals.evaluation(), evaluate(test));
    }

    /** The loss and metrics of the model on examples. */
    public Evaluation evaluate(Examples examples) {
        return model.evaluate(examples, loss, metrics, Math.max(batchSize, 200));
    }

    /**
     * Ends {@link #fit} after the step that it is at, with an evaluation; if it has not begun yet, after its first step. May be
     * called from any thread.
     */
    public void stop() {
        stopping = true;
    }

    /** The executable of one step, made at the first batch of its size and type. */
    private Executable step(Batch batch) {
        return steps.computeIfAbsent(batch.targets().type(), targets -> model.compile(graph(batch.size(), targets)));
    }

    /** Forward, backward and update as one graph. */
    private Graph graph(int size, TensorType targetType) {
        var trace = new Trace(true, model.inputType());
        Tensor output = trace.call(model.layer(), Model.input(model.inputType(), size));
        SequencedMap<String, Tensor> scores = Model.scores(output, Tensor.input("targets", targetType), loss, metrics);
        List<Variable> parameters = trace.parameters();
        List<Tensor> gradients = Gradients.of(Optional.ofNullable(scores.get("loss")).orElseThrow(),
                parameters.stream().map(trace::read).toList());
        var updates = new LinkedHashMap<>(trace.updates());
        Tensor nextStep = trace.read(Trace.STEP).add(1);
        updates.put(Trace.STEP, nextStep);
        for (int i = 0; i < parameters.size(); i++) {
            Variable parameter = parameters.get(i);
            Tensor gradient = gradients.get(i);
            var slots = new SlotVariables(parameter, nextStep, updates);
            updates.put(parameter, LayerPath.within("optimizer/" + parameter.name(),
                    () -> optimizer.update(trace.read(parameter), gradient, slots)));
        }
        return new Graph(scores, updates);
    }

    private static void tell(TrainingListener[] callbacks, TrainingEvent event) {
        for (TrainingListener callback : callbacks) {
            callback.on(event);
        }
    }

    /** Releases what was compiled; the model stays open. */
    @Override
    public void close() {
        steps.values().forEach(Executable::close);
        steps.clear();
    }

    /** Slots as variables of the model, named {@code optimizer.<slot>.<parameter>}. */
    private final class SlotVariables implements Optimizer.Slots {
        private final Variable parameter;
        private final Tensor step;
        private final Map<Variable, Tensor> updates;

        SlotVariables(Variable parameter, Tensor step, Map<Variable, Tensor> updates) {
            this.parameter = parameter;
            this.step = step;
            this.updates = updates;
        }

        @Override
        public Tensor get(String name) {
            return slot(name).read();
        }

        @Override
        public Tensor set(String name, Tensor value) {
            updates.put(slot(name), value);
            return value;
        }

        @Override
        public Tensor step() {
            return step.cast(parameter.type().dtype());
        }

        private Variable slot(String name) {
            var slot = new Variable("optimizer." + name + "." + parameter.name(), parameter.type(), Variable.Role.SLOT);
            if (!model.has(slot)) {
                model.add(slot);
            }
            return slot;
        }
    }
}
