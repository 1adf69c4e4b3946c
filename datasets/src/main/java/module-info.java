/** Stock datasets and the sources they come from. */
@org.jspecify.annotations.NullMarked
module cambium.datasets {
    requires cambium.api;
    requires static org.jspecify;
}
