/** Stock layers, losses, metrics, optimizers and networks, and the files that hold their weights. */
@org.jspecify.annotations.NullMarked
module cambium.models {
    requires transitive cambium.api;
    requires com.google.gson;
    requires static org.jspecify;

    exports dev.cambium.models;

    provides dev.cambium.part.PartProvider with dev.cambium.models.StockParts;
}
