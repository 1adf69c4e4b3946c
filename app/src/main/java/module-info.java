/** The command line. */
@org.jspecify.annotations.NullMarked
module cambium.app {
    requires cambium.api;
    requires cambium.models;
    requires com.google.common;
    requires com.google.gson;
    requires com.google.guice;
    requires info.picocli;
    requires jakarta.inject;
    requires java.desktop;
    requires jdk.unsupported;
    requires org.knowm.xchart;
    requires org.snakeyaml.engine;
    requires static org.jspecify;

    exports dev.cambium.app.experiment to cambium.api;

    opens dev.cambium.app.command to com.google.guice, info.picocli;
    opens dev.cambium.app.run to com.google.gson;
    opens dev.cambium.app.wiring to com.google.guice;
}
