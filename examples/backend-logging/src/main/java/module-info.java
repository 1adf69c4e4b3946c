/** A backend that prints what it is asked for. */
@org.jspecify.annotations.NullMarked
module cambium.example.logging {
    requires transitive cambium.api;
    requires static org.jspecify;

    exports dev.cambium.examples.logging;

    provides dev.cambium.part.PartProvider with dev.cambium.examples.logging.LoggingParts;
}
