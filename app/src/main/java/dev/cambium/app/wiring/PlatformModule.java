package dev.cambium.app.wiring;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;

import dev.cambium.app.terminal.Terminal;
import dev.cambium.backend.Backend;
import dev.cambium.backend.BackendProvider;
import dev.cambium.backend.Backends;
import dev.cambium.part.Parts;

/** Provides the platform's pieces and the backend of the user's choice. */
public final class PlatformModule extends AbstractModule {
    private final Platform platform;
    private final ChosenPart<BackendProvider> backend;

    /** Over this platform and backend. */
    public PlatformModule(Platform platform, ChosenPart<BackendProvider> backend) {
        this.platform = platform;
        this.backend = backend;
    }

    @Override
    protected void configure() {
        bind(Platform.class).toInstance(platform);
        bind(Terminal.class).toInstance(platform.terminal());
        bind(Parts.class).toInstance(platform.parts());
    }

    @Provides
    @Singleton
    Backend backend(Wiring.Opened opened) {
        return opened.add(Backends.open(backend.part()));
    }
}
