package dev.cambium.app.wiring;

import java.util.List;
import java.util.Optional;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;

import dev.cambium.data.Dataset;
import dev.cambium.data.Transform;

/** Provides the dataset of the user's choice; needs a {@link PlatformModule} beside it. */
public final class DataModule extends AbstractModule {
    private final Optional<ChosenPart<Dataset>> dataset;
    private final List<ChosenPart<Transform>> transforms;

    /** For this dataset, changed in this way; without one MNIST or, where it can't be had, synthetic digits. */
    public DataModule(Optional<ChosenPart<Dataset>> dataset, List<ChosenPart<Transform>> transforms) {
        this.dataset = dataset;
        this.transforms = List.copyOf(transforms);
    }

    @Provides
    @Singleton
    LoadedData data(Platform platform) {
        return LoadedData.load(dataset, transforms, platform);
    }
}
