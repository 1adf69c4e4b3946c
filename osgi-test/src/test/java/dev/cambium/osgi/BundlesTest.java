package dev.cambium.osgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

import javax.tools.ToolProvider;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRevision;

import dev.cambium.osgi.driver.Driver;

/** Runs the jars as they are packed in Apache Felix, whose service-loader mediator (SPI Fly) brings providers and api together. */
class BundlesTest {
    private static final Path BUNDLES = Path.of("target", "bundles");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private Framework framework;

    @BeforeEach
    void start_framework() throws BundleException {
        framework = ServiceLoader.load(FrameworkFactory.class).findFirst().orElseThrow()
                .newFramework(Map.of(Constants.FRAMEWORK_STORAGE, folder.resolve("felix").toString(),
                        // Classes come from bundles alone, never from this test's class path.
                        "felix.bootdelegation.implicit", "false"));
        framework.start();
    }

    @AfterEach
    void stop_framework() throws BundleException, InterruptedException {
        framework.stop();
        framework.waitForStop(0);
    }

    @Test
    void training_takes_the_layer_from_the_newer_bundle_that_replaced_the_older() throws Exception {
        install("asm", "asm-analysis", "asm-commons", "asm-tree", "asm-util", "org.apache.aries.spifly.dynamic.bundle",
                "gson", "cambium-api", "cambium-backend-cpu", "cambium-models");
        Bundle plugin = framework.getBundleContext().installBundle(plugin("1.0.0", 2).toUri().toString());
        plugin.start();
        framework.getBundleContext().installBundle(driver().toUri().toString()).start();

        List<Double> older = train();
        plugin.stop();
        assertThatThrownBy(this::train).hasMessageContaining("scale");
        plugin.uninstall();
        Bundle replacement = framework.getBundleContext().installBundle(plugin("1.1.0", 3).toUri().toString());
        replacement.start();
        List<Double> newer = train();

        assertThat(older).first().isEqualTo(2.0);
        assertThat(newer).first().isEqualTo(3.0);
        assertThat(losses(older)).hasSize(5).isSortedAccordingTo((a, b) -> Double.compare(b, a));
        assertThat(losses(newer)).hasSize(5).isSortedAccordingTo((a, b) -> Double.compare(b, a))
                .isNotEqualTo(losses(older));
    }

    @Test
    void bundles_export_what_their_modules_export() throws BundleException {
        for (String name : List.of("cambium-api", "cambium-backend-cpu", "cambium-models", "cambium-datasets")) {
            Bundle bundle = framework.getBundleContext().installBundle(jar(name).toUri().toString());
            ModuleDescriptor module = ModuleFinder.of(jar(name)).findAll().iterator().next().descriptor();
            List<BundleCapability> exports = bundle.adapt(BundleRevision.class)
                    .getDeclaredCapabilities(PackageNamespace.PACKAGE_NAMESPACE);
            assertThat(exports).as(name)
                    .extracting(each -> each.getAttributes().get(PackageNamespace.PACKAGE_NAMESPACE))
                    .containsExactlyInAnyOrderElementsOf(
                            module.exports().stream().map(ModuleDescriptor.Exports::source).toList());
        }
    }

    private static List<Double> losses(List<Double> results) {
        return results.subList(1, results.size());
    }

    @SuppressWarnings("unchecked") // The driver's service has no type of its own that the world outside could see.
    private List<Double> train() {
        ServiceReference<?> service = framework.getBundleContext().getServiceReference(Supplier.class);
        return ((Supplier<List<Double>>) framework.getBundleContext().getService(service)).get();
    }

    private void install(String... names) throws BundleException {
        var bundles = new ArrayList<Bundle>();
        for (String name : names) {
            bundles.add(framework.getBundleContext().installBundle(jar(name).toUri().toString()));
        }
        for (Bundle bundle : bundles) {
            bundle.start();
        }
    }

    private static Path jar(String name) {
        return BUNDLES.resolve(name + ".jar");
    }

    /** A plugin with the layer {@code scale}, which multiplies by a number that is compiled in. */
    private Path plugin(String version, int factor) throws IOException {
        Path sources = Files.createDirectories(folder.resolve("plugin-" + version).resolve("plugin"));
        Files.writeString(sources.resolve("Scale.java"), """
                package plugin;

                import dev.cambium.nn.Context;
                import dev.cambium.nn.Layer;
                import dev.cambium.part.Part;
                import dev.cambium.tensor.Tensor;

                @Part(name = "scale", description = "all numbers times %1$d")
                public record Scale() implements Layer {
                    @Override
                    public Tensor forward(Tensor input, Context cx) {
                        return input.mul(%1$d);
                    }
                }
                """.formatted(factor));
        Files.writeString(sources.resolve("Provider.java"), """
                package plugin;

                import java.util.List;

                import dev.cambium.part.PartProvider;
                import dev.cambium.part.PartType;

                public final class Provider implements PartProvider {
                    @Override
                    public List<PartType<?>> parts() {
                        return List.of(PartType.of(Scale.class));
                    }
                }
                """);
        int result = ToolProvider.getSystemJavaCompiler().run(null, null, null, "-classpath",
                jar("cambium-api").toString(), "-proc:none", sources.resolve("Scale.java").toString(),
                sources.resolve("Provider.java").toString());
        assertThat(result).as("javac's exit code").isZero();
        var entries = new LinkedHashMap<String, byte[]>();
        entries.put("META-INF/services/dev.cambium.part.PartProvider",
                "plugin.Provider\n".getBytes(StandardCharsets.UTF_8));
        entries.put("plugin/Scale.class", Files.readAllBytes(sources.resolve("Scale.class")));
        entries.put("plugin/Provider.class", Files.readAllBytes(sources.resolve("Provider.class")));
        return bundle("plugin", version, Map.of(
                Constants.IMPORT_PACKAGE,
                "dev.cambium.nn;version=\"[0.1,0.2)\",dev.cambium.part;version=\"[0.1,0.2)\",dev.cambium.tensor;version=\"[0.1,0.2)\"",
                Constants.REQUIRE_CAPABILITY,
                "osgi.extender;filter:=\"(osgi.extender=osgi.serviceloader.registrar)\"",
                Constants.PROVIDE_CAPABILITY,
                "osgi.serviceloader;osgi.serviceloader=\"dev.cambium.part.PartProvider\""), entries);
    }

    private Path driver() throws IOException {
        var entries = new LinkedHashMap<String, byte[]>();
        Path classes = Path.of("target", "test-classes");
        try (Stream<Path> files = Files.list(classes.resolve("dev/cambium/osgi/driver"))) {
            for (Path file : files.toList()) {
                entries.put(classes.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
            }
        }
        return bundle("driver", "1.0.0", Map.of(Constants.BUNDLE_ACTIVATOR, Driver.class.getName(),
                Constants.IMPORT_PACKAGE,
                "org.osgi.framework,dev.cambium.backend,dev.cambium.data,dev.cambium.models,dev.cambium.nn,"
                        + "dev.cambium.part,dev.cambium.tensor,dev.cambium.train"),
                entries);
    }

    private Path bundle(String name, String version, Map<String, String> headers, Map<String, byte[]> entries)
            throws IOException {
        var manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
        attributes.putValue(Constants.BUNDLE_SYMBOLICNAME, name);
        attributes.putValue(Constants.BUNDLE_VERSION, version);
        headers.forEach(attributes::putValue);
        Path jar = folder.resolve(name + "-" + version + ".jar");
        try (OutputStream file = Files.newOutputStream(jar); var out = new JarOutputStream(file, manifest)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                out.putNextEntry(new ZipEntry(entry.getKey()));
                out.write(entry.getValue());
            }
        }
        return jar;
    }
}
