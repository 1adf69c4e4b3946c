/** Stock datasets and the sources they come from. */
@org.jspecify.annotations.NullMarked
module cambium.datasets {
    requires transitive cambium.api;
    requires java.net.http;
    requires static org.jspecify;

    exports dev.cambium.datasets;

    provides dev.cambium.part.PartProvider with dev.cambium.datasets.StockDatasets;
}
