/** Stock layers, losses, metrics, optimizers and networks, and the files that hold their weights. */
@org.jspecify.annotations.NullMarked
module cambium.models {
    requires cambium.api;
    requires com.google.gson;
    requires static org.jspecify;
}
