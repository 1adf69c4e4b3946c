package dev.cambium.tensor;

import static dev.cambium.Stability.Level.STABLE;

import java.util.function.Supplier;

import dev.cambium.Stability;

/** The path of the layer that is being traced, such as {@code cnn/conv2}, for error messages and dumps. */
@Stability(value = STABLE, since = "0.1")
public final class LayerPath {
    private static final ScopedValue<String> CURRENT = ScopedValue.newInstance();

    private LayerPath() {}

    /** The path of the layer being traced on this thread, or an empty string. */
    public static String current() {
        return CURRENT.orElse("");
    }

    /** Runs something under a path. */
    public static <T> T within(String path, Supplier<T> action) {
        return ScopedValue.where(CURRENT, path).call(action::get);
    }
}
