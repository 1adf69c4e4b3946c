/** A backend that prints what it is asked for. */
@org.jspecify.annotations.NullMarked
module cambium.example.logging {
    requires cambium.api;
    requires static org.jspecify;

    provides dev.cambium.backend.BackendProvider with dev.cambium.examples.logging.LoggingBackendProvider;
}
