/** The {kind} {name}. */
module com.example.{package} {
    requires cambium.api;

    exports com.example.{package} to cambium.api;

    provides dev.cambium.part.PartProvider with com.example.{package}.{Name}Parts;
}
