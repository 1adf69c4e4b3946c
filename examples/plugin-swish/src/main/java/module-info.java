/** Swish with a learned slope. */
module com.example.swish {
    requires cambium.api;

    exports com.example.swish to cambium.api;

    provides dev.cambium.part.PartProvider with com.example.swish.SwishParts;
}
