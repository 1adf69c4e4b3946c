package dev.cambium.tensor;

import static dev.cambium.Stability.Level.STABLE;

import dev.cambium.CambiumException;
import dev.cambium.Stability;

/** Tensors whose types do not fit the operation; the message names the layer, the operation and the types. */
@Stability(value = STABLE, since = "0.1")
public final class ShapeException extends CambiumException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception; the path of the layer being traced comes before the message. */
    public ShapeException(String message) {
        super(LayerPath.current().isEmpty() ? message : LayerPath.current() + ": " + message);
    }
}
