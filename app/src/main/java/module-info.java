/** The command line. */
@org.jspecify.annotations.NullMarked
module cambium.app {
    requires cambium.api;
    requires cambium.datasets;
    requires cambium.models;
    requires com.google.common;
    requires com.google.gson;
    requires com.google.guice;
    requires info.picocli;
    requires me.tongfei.progressbar;
    requires org.knowm.xchart;
    requires static org.jspecify;

    opens dev.cambium.app to com.google.guice, info.picocli;
}
