package dev.cambium.tensorflow;

/** TensorFlow's answer to a call that failed: its status code and message, which is no text for users. */
final class TensorFlowException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int code;

    TensorFlowException(int code, String message) {
        super(message);
        this.code = code;
    }

    /** The status code, one of the C interface's {@code TF_Code}. */
    int code() {
        return code;
    }
}
