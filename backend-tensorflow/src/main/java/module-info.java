/** The TensorFlow backend: graphs lowered to TensorFlow's operations and run by its sessions. */
@org.jspecify.annotations.NullMarked
module cambium.backend.tensorflow {
    requires transitive cambium.api;
    requires org.bytedeco.javacpp;
    requires tensorflow.nativelib;
    requires static org.jspecify;

    exports dev.cambium.tensorflow;

    provides dev.cambium.part.PartProvider with dev.cambium.tensorflow.TensorFlowParts;
}
