package dev.cambium.tensorflow;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_RESOURCE_EXHAUSTED;

import dev.cambium.CambiumException;

/** TensorFlow's answer to a call that failed: its status code and message, which is no text for users. */
final class TensorFlowException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int code;
    private final String message;

    TensorFlowException(int code, String message) {
        super(message);
        this.code = code;
        this.message = message;
    }

    /**
     * The same for users: they may have asked for more memory than there is, and everything else that is no mistake in their
     * values is one of ours.
     *
     * @param place
     *            what failed, such as an operation with the path of its layer
     */
    RuntimeException at(String place) {
        if (code == TF_RESOURCE_EXHAUSTED) {
            return new CambiumException(
                    "%s: the device has no memory left for it; make batches or the model smaller (%s)".formatted(place,
                            message.lines().findFirst().orElse("")),
                    this);
        }
        return new IllegalStateException(
                "%s: TensorFlow fails here, which is a defect of this backend; please report it with this message: %s"
                        .formatted(place, message),
                this);
    }
}
