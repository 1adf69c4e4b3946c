package dev.cambium.app.wiring;

import java.nio.file.Path;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;

import dev.cambium.CambiumException;
import dev.cambium.app.run.RunFolder;
import dev.cambium.app.run.RunSettings;
import dev.cambium.backend.Backend;
import dev.cambium.models.Safetensors;
import dev.cambium.nn.Layer;
import dev.cambium.nn.Loss;
import dev.cambium.part.Parts;
import dev.cambium.train.Model;

/** Provides the trained model of a run and its loss; needs a {@link PlatformModule} beside it. */
public final class SavedModelModule extends AbstractModule {
    private final RunFolder run;
    private final RunSettings settings;

    /** For this run. */
    public SavedModelModule(RunFolder run, RunSettings settings) {
        this.run = run;
        this.settings = settings;
    }

    @Provides
    Loss loss(Parts parts) {
        return PartChoice.of(settings.loss()).create(parts, Loss.class).part();
    }

    @Provides
    @Singleton
    Model model(Parts parts, Backend backend, Wiring.Opened opened) {
        Layer network = PartChoice.of(settings.network()).create(parts, Layer.class).part();
        Path weights = run.file(RunFolder.WEIGHTS);
        Safetensors.Contents contents = Safetensors.read(weights);
        Model model = opened.add(Model.create(network, settings.input().type(), backend, settings.seed()));
        try {
            model.load(contents.tensors());
        } catch (CambiumException e) {
            throw new CambiumException("%s does not fit %s: %s".formatted(weights, settings.network().name(),
                    e.getMessage()), e);
        }
        return model;
    }
}
