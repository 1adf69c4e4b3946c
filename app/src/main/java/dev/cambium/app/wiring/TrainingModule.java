package dev.cambium.app.wiring;

import java.util.LinkedHashMap;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;

import dev.cambium.backend.Backend;
import dev.cambium.nn.Layer;
import dev.cambium.nn.Loss;
import dev.cambium.nn.Metric;
import dev.cambium.nn.Optimizer;
import dev.cambium.part.Parts;
import dev.cambium.train.Model;
import dev.cambium.train.Trainer;

/**
 * Provides model, loss, optimizer and trainer as a plan says; needs a {@link PlatformModule} and a {@link DataModule} beside it.
 */
public final class TrainingModule extends AbstractModule {
    private final TrainingPlan plan;

    /** For this plan. */
    public TrainingModule(TrainingPlan plan) {
        this.plan = plan;
    }

    @Override
    protected void configure() {
        bind(TrainingPlan.class).toInstance(plan);
        bind(Layer.class).toInstance(plan.network().part());
        bind(Loss.class).toInstance(plan.loss().part());
        Optimizer optimizer = plan.optimizer().part();
        bind(Optimizer.class)
                .toInstance(plan.schedule().map(schedule -> schedule.part().scale(optimizer)).orElse(optimizer));
    }

    @Provides
    @Singleton
    Model model(Layer network, LoadedData data, Backend backend, Wiring.Opened opened) {
        return opened.add(Model.create(network, data.train().inputType(), backend, plan.seed()));
    }

    @Provides
    @Singleton
    Trainer trainer(Model model, Loss loss, Optimizer optimizer, Parts parts, Wiring.Opened opened) {
        var metrics = new LinkedHashMap<String, Metric>();
        metrics.put("accuracy", parts.find(Metric.class, "accuracy").create());
        return opened.add(new Trainer(model, loss, optimizer, plan.batchSize(), metrics));
    }
}
