package dev.cambium.tensorflow;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteStatus;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_GetCode;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_Message;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NewStatus;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_OK;

import org.tensorflow.internal.c_api.TF_Status;

/** Where the C interface leaves whether a call went well. */
final class Status implements AutoCloseable {
    private final TF_Status status = TF_NewStatus();

    TF_Status pointer() {
        return status;
    }

    /**
     * Looks at the last call.
     *
     * @throws TensorFlowException
     *             if it failed
     */
    void check() {
        int code = TF_GetCode(status);
        if (code != TF_OK) {
            throw new TensorFlowException(code, TF_Message(status).getString());
        }
    }

    @Override
    public void close() {
        TF_DeleteStatus(status);
    }
}
