/** The conformance kit that shows that a plugin's parts keep the promises of their kinds. */
@org.jspecify.annotations.NullMarked
module cambium.plugin.testkit {
    requires transitive cambium.api;
    requires org.assertj.core;
    requires transitive org.junit.jupiter.api;
    requires static org.jspecify;

    exports dev.cambium.testkit;

    opens dev.cambium.testkit to org.junit.platform.commons;
}
