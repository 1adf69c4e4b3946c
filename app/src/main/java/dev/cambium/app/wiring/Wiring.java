package dev.cambium.app.wiring;

import java.util.ArrayDeque;
import java.util.Deque;

import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Module;
import com.google.inject.ProvisionException;

import dev.cambium.CambiumException;

/** An object graph wired by Guice, which closes what its modules opened. */
public final class Wiring implements AutoCloseable {
    /** What was opened while the graph was made. */
    public static final class Opened {
        private final Deque<AutoCloseable> resources = new ArrayDeque<>();

        private Opened() {}

        <R extends AutoCloseable> R add(R resource) {
            resources.push(resource);
            return resource;
        }
    }

    private final Opened opened = new Opened();
    private final Injector injector;

    /** Wires these modules together; nothing is made before it is asked for. */
    public Wiring(Module... modules) {
        injector = Guice.createInjector(binder -> {
            binder.bind(Opened.class).toInstance(opened);
            for (Module module : modules) {
                binder.install(module);
            }
        });
    }

    /**
     * An object with all that it needs.
     *
     * @throws CambiumException
     *             if the user's choices don't allow it
     */
    public <T> T get(Class<T> type) {
        try {
            return injector.getInstance(type);
        } catch (ProvisionException e) {
            if (e.getCause() instanceof CambiumException cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** Closes what was opened, the last first. */
    @Override
    public void close() {
        while (!opened.resources.isEmpty()) {
            AutoCloseable resource = opened.resources.pop();
            try {
                resource.close();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException("can't close " + resource, e);
            }
        }
    }
}
