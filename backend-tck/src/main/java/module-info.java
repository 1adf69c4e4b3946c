/** The conformance kit that shows that a backend computes as every other one does. */
@org.jspecify.annotations.NullMarked
@SuppressWarnings("requires-automatic") // the reference is the api's own test jar, in one release with this module
module cambium.backend.tck {
    requires transitive cambium.api;
    requires cambium.reference;
    requires org.assertj.core;
    requires transitive org.junit.jupiter.api;
    requires org.junit.jupiter.params;
    requires static org.jspecify;

    exports dev.cambium.tck;

    opens dev.cambium.tck to org.junit.platform.commons;
}
