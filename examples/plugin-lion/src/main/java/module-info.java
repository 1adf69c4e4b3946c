/** The optimizer Lion. */
module com.example.lion {
    requires cambium.api;

    exports com.example.lion to cambium.api;

    provides dev.cambium.part.PartProvider with com.example.lion.LionParts;
}
