/** The TensorFlow backend: graphs lowered to TensorFlow's operations and run by its sessions. */
@org.jspecify.annotations.NullMarked
module cambium.backend.tensorflow {
    requires cambium.api;
    requires org.bytedeco.javacpp;
    requires tensorflow.nativelib;
    requires static org.jspecify;

    provides dev.cambium.backend.BackendProvider with dev.cambium.tensorflow.TensorFlowBackendProvider;
}
