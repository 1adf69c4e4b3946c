package dev.cambium.app.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cambium.app.parts.Numbers;
import dev.cambium.app.parts.SourceJar;
import dev.cambium.app.parts.StrangerJar;
import dev.cambium.app.plugin.Plugins;
import dev.cambium.backend.Backend;
import dev.cambium.backend.Backends;
import dev.cambium.data.DataEnvironment;
import dev.cambium.data.Splits;
import dev.cambium.nn.Layer;
import dev.cambium.nn.Optimizer;
import dev.cambium.part.PartType;
import dev.cambium.part.Parts;
import dev.cambium.train.Model;
import dev.cambium.train.Trainer;

/** Plugins that lie in a folder: strangers' jars, compiled on the spot. */
@Tag("classpath")
class PluginFolderTest {
    private static final String MANIFEST = "META-INF/MANIFEST.MF";

    @TempDir
    private Path folder = Path.of("");
    private Path workshop = folder;
    private Path plugins = folder;
    private final ClassLoader before = Thread.currentThread().getContextClassLoader();

    @BeforeEach
    void make_folders() throws IOException {
        workshop = Files.createDirectory(folder.resolve("workshop"));
        plugins = Files.createDirectory(folder.resolve("plugins"));
    }

    @AfterEach
    void forget_the_plugins() {
        Thread.currentThread().setContextClassLoader(before);
    }

    // ---- strangers

    /** A jar with a layer that multiplies by a factor. */
    private static SourceJar plugin(String name, String factor, String provider, String... requires) {
        String module = "strange." + name;
        return SourceJar.of(name).with("module-info.java", """
                module %1$s {
                    requires cambium.api;
                    %2$s
                    exports %1$s;
                    provides dev.cambium.part.PartProvider with %1$s.Provider;
                }
                """.formatted(module, String.join("\n", Stream.of(requires).map("requires %s;"::formatted).toList())))
                .with("META-INF/services/dev.cambium.part.PartProvider", module + ".Provider")
                .with("Factor.java",
                        """
                                package %s;
                                @dev.cambium.part.Part(name = "%s", description = "multiplies")
                                public record Factor() implements dev.cambium.nn.Layer {
                                    public static double factor() { return %s; }
                                    @Override
                                    public dev.cambium.tensor.Tensor forward(dev.cambium.tensor.Tensor x, dev.cambium.nn.Context cx) {
                                        return x.mul(factor());
                                    }
                                }
                                """
                                .formatted(module, name, factor))
                .with("Provider.java", """
                        package %s;
                        import dev.cambium.part.*;
                        import java.util.List;
                        public class Provider implements PartProvider {
                            public Provider() { %s }
                            @Override
                            public List<PartType<?>> parts() { return List.of(PartType.of(Factor.class)); }
                        }
                        """.formatted(module, provider));
    }

    private static SourceJar plugin(String name) {
        return plugin(name, "1", "");
    }

    private static SourceJar library(String factor) {
        return SourceJar.of("library").with("module-info.java", "module library { exports library; }").with(
                "Library.java",
                "package library; public class Library { public static double factor() { return %s; } }"
                        .formatted(factor));
    }

    /** What has the name of the api, and one of its types. */
    private Path otherApi() throws IOException {
        return SourceJar.of("api")
                .with("module-info.java", "module cambium.api { exports dev.cambium.part; }")
                .with("PartProvider.java", "package dev.cambium.part; public interface PartProvider {}")
                .write(workshop, List.of(), "--module-version", "0.99.0");
    }

    /** Compiles a jar and puts it there. */
    private Path put(Path place, SourceJar jar, Path... libraries) throws IOException {
        Path made = jar.write(workshop,
                Stream.concat(Stream.of(libraries), SourceJar.program().stream()).toList());
        return Files.move(made, Files.createDirectories(place).resolve(jar.name() + ".jar"),
                StandardCopyOption.REPLACE_EXISTING);
    }

    private Shell.Result run(String... arguments) {
        return new Shell(folder).run(Stream
                .concat(Stream.of(arguments), Stream.of("--plugins", plugins.toString())).toArray(String[]::new));
    }

    private Parts parts() {
        return new Plugins(plugins).addTo(Parts.discover());
    }

    /** The plugin named is refused so, the list says so, and a good one beside it works. */
    private void assertRefused(Path place, String... reason) throws IOException {
        put(plugins, plugin("good"));
        Shell.Result list = run("plugins");
        assertThat(list.err()).isEmpty();
        assertThat(list.code()).isZero();
        assertThat(list.out()).containsPattern("good +\\S*good.jar +multiplies").contains("Left out");
        assertThat(list.out().lines().filter(line -> line.startsWith(place.toString())).toList()).singleElement()
                .asString().startsWith(place + ": ").contains(reason).doesNotContain("\tat ");
        Shell.Result needing = run("summary", "--network", "wanted");
        assertThat(needing.code()).isNotZero();
        assertThat(needing.err()).contains("unknown layer 'wanted'", "what was refused may have it:", place.toString())
                .contains(reason).doesNotContain("\tat ", "this should not have happened");
    }

    // ---- what works

    @Test
    void parts_of_a_jar_are_listed_with_its_path_and_used_by_their_names() throws IOException {
        Path jar = put(plugins, plugin("wanted"));
        Files.writeString(plugins.resolve("README.txt"), "no plugin");
        assertThat(run("plugins").out()).containsPattern("wanted +%s +multiplies".formatted(jar))
                .doesNotContain("Left out");
        assertThat(run("summary", "--network", "wanted").code()).isZero();
    }

    @Test
    void plugin_trains_and_is_found_again_for_its_run() throws IOException {
        SourceJar scaling = plugin("wanted", "0.5", "", "cambium.models");
        put(plugins, scaling.with("Factor.java", scaling.files().getOrDefault("Factor.java", "").replace(
                "x.mul(factor())",
                "cx.call(\"fc\", new dev.cambium.models.Linear(2), x.flatten(1).mul(factor())).logSoftmax(1)")));
        Shell.Result trained = run("train", "--dataset", "strokes", "--network", "wanted", "--epochs", "1", "--out",
                folder.resolve("run").toString());
        assertThat(trained.err()).isEmpty();
        assertThat(trained.code()).isZero();
        assertThat(run("evaluate", folder.resolve("run").toString()).code()).isZero();
        Shell.Result without = new Shell(folder).run("evaluate", folder.resolve("run").toString());
        assertThat(without.code()).isEqualTo(1);
        assertThat(without.err()).contains("unknown layer 'wanted'");
    }

    @Test
    void option_may_stand_before_the_command() throws IOException {
        put(plugins, plugin("wanted"));
        assertThat(new Shell(folder).run("--plugins", plugins.toString(), "summary", "--network", "wanted").code())
                .isZero();
    }

    @Test
    void jar_without_a_descriptor_is_a_plugin_too() throws IOException {
        put(plugins, plugin("wanted").without("module-info.java"));
        assertThat(run("summary", "--network", "wanted").code()).isZero();
    }

    @Test
    void copies_of_the_api_that_plugins_bring_are_passed_over() throws IOException {
        Path api = otherApi();
        for (String name : List.of("first", "second")) {
            Files.copy(api, put(plugins.resolve(name), plugin(name)).resolveSibling("api.jar"));
        }
        put(plugins, plugin("third"));
        Parts parts = parts();
        assertThat(parts.refusals()).isEmpty();
        assertThat(parts.all(Layer.class)).extracting(PartType::name).contains("first", "second", "third");
        Files.copy(api, Files.createDirectory(plugins.resolve("api")).resolve("api.jar"));
        assertRefused(plugins.resolve("api"), "it holds nothing but what Cambium has already; delete it");
    }

    @Test
    void backend_of_a_plugin_is_among_those_found() throws IOException {
        Path jar = StrangerJar.of("abacus").write(workshop, SourceJar.program());
        Files.move(jar, plugins.resolve("abacus.jar"));
        Shell.Result list = run("backends");
        assertThat(list.code()).isZero();
        assertThat(list.out()).containsPattern("abacus +- +-1 +abacus").containsPattern("cpu +\\S+ +0 +cpu");
    }

    @Test
    void folder_that_is_named_and_not_there_is_wrong_usage() {
        Shell.Result result = new Shell(folder).run("plugins", "--plugins", "nowhere");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .startsWith("cambium: Invalid value for option '--plugins': there is no folder nowhere");
    }

    @Test
    void plugin_uses_the_classes_of_another_that_comes_after_it_by_name() throws Exception {
        Path other = put(workshop.resolve("first"), plugin("zebra", "7", ""));
        put(plugins, plugin("ant", "strange.zebra.Factor.factor() * 2", "", "strange.zebra"), other);
        Files.move(other, plugins.resolve("zebra.jar"));
        Parts parts = parts();
        assertThat(parts.refusals()).isEmpty();
        assertThat(factor(parts, "ant")).isEqualTo(14);
        assertThat(factor(parts, "zebra")).isEqualTo(7);
    }

    private static double factor(Parts parts, String name) throws ReflectiveOperationException {
        return (double) parts.find(Layer.class, name).recordClass().getMethod("factor").invoke(null);
    }

    @Test
    void two_versions_of_a_library_train_side_by_side() throws IOException {
        for (Map.Entry<String, String> each : Map.of("two", "2", "three", "3").entrySet()) {
            Path place = plugins.resolve(each.getKey());
            Path library = put(place, library(each.getValue()));
            put(place, plugin(each.getKey(), "library.Library.factor()", "", "library"), library);
        }
        Parts parts = parts();
        assertThat(parts.refusals()).isEmpty();
        Layer two = parts.find(Layer.class, "two").create();
        Layer three = parts.find(Layer.class, "three").create();
        Layer linear = parts.find(Layer.class, "linear").create(Map.of("outFeatures", 1, "bias", false));
        Layer network = (x, cx) -> cx.call("fc", linear, cx.call("two", two, cx.call("three", three, x)));
        Splits doubles = new Numbers().load(DataEnvironment.standard());
        Optimizer sgd = parts.find(Optimizer.class, "sgd").create(Map.of("learningRate", 0.002));
        try (Backend backend = Backends.open();
                Model model = Model.create(network, doubles.train().inputType(), backend, 1);
                Trainer trainer = new Trainer(model, (y, wanted) -> y.sub(wanted).mul(y.sub(wanted)).mean(), sgd, 4)) {
            trainer.fit(doubles.train(), doubles.test(), 50);
            // It learns to double; of that the layers without parameters do 2 · 3.
            assertThat(model.weights().firstEntry().getValue().toFloatArray()[0]).isCloseTo(2f / 6, within(1e-4f));
        }
    }

    // ---- what is refused

    @Test
    void corrupt_jar_is_refused() throws IOException {
        Path jar = Files.writeString(plugins.resolve("corrupt.jar"), "this is no jar");
        assertRefused(jar, "it is no jar that can be read (", "download or build it again");
    }

    @Test
    void folder_without_a_jar_is_no_plugin() throws IOException {
        Files.createDirectory(plugins.resolve("sources-only"));
        assertThat(run("plugins").out()).doesNotContain("sources-only", "Left out");
    }

    @Test
    void class_files_of_a_newer_java_are_refused() throws IOException {
        Path jar = put(plugins, plugin("wanted"));
        int java = Runtime.version().feature();
        try (FileSystem zip = FileSystems.newFileSystem(jar)) {
            Path file = zip.getPath("strange/wanted/Factor.class");
            byte[] bytes = Files.readAllBytes(file);
            bytes[7] = (byte) (bytes[7] + 2);
            Files.write(file, bytes);
        }
        assertRefused(jar, "strange/wanted/Factor.class in wanted.jar needs Java %d, and this is Java %d"
                .formatted(java + 2, java));
    }

    @Test
    void jar_built_for_another_version_of_the_api_is_refused() throws IOException {
        Path api = otherApi();
        Path jar = SourceJar.of("wanted").with("module-info.java",
                "module strange.wanted { requires cambium.api; provides dev.cambium.part.PartProvider with strange.wanted.Provider; }")
                .with("Provider.java",
                        "package strange.wanted; public class Provider implements dev.cambium.part.PartProvider {}")
                .write(workshop, List.of(api));
        Files.move(jar, plugins.resolve("wanted.jar"));
        assertRefused(plugins.resolve("wanted.jar"), "it was built for version 0.99.0 of Cambium's api",
                "and this is Cambium 0.");
    }

    @Test
    void jar_without_a_descriptor_says_in_its_manifest_for_which_version_it_was_built() throws IOException {
        SourceJar plain = plugin("wanted").without("module-info.java");
        Path jar = put(plugins, plain.with(MANIFEST, "Cambium-Api-Version: 1.0.0\n"));
        assertRefused(jar, "it was built for version 1.0.0 of Cambium's api");
        put(plugins, plain.with(MANIFEST, "Cambium-Api-Version: 0.1\n"));
        assertThat(run("plugins").out()).containsPattern("wanted +%s".formatted(jar)).doesNotContain("Left out");
    }

    @Test
    void class_that_is_missing_when_the_provider_is_made_is_named() throws IOException {
        Path jar = put(plugins, plugin("wanted", "1", "new Absent();")
                .with("Absent.java", "package strange.wanted; class Absent {}").losing("strange.wanted.Absent"));
        assertRefused(jar, "class strange.wanted.Absent is missing; put the jar that holds it");
    }

    @Test
    void provider_whose_constructor_throws_is_refused() throws IOException {
        Path jar = put(plugins,
                plugin("wanted", "1", "if (true) throw new IllegalStateException(\"no license\");"));
        assertRefused(jar, "it failed: java.lang.IllegalStateException: no license");
    }

    @Test
    void provider_whose_parts_throw_is_refused() throws IOException {
        SourceJar good = plugin("wanted");
        Path jar = put(plugins, good.with("Provider.java", good.files().getOrDefault("Provider.java", "")
                .replace("return List", "if (true) throw new AssertionError(\"no parts\"); return List")));
        assertRefused(jar, "it failed: java.lang.AssertionError: no parts");
    }

    @Test
    void name_that_is_taken_is_refused_with_both_origins() throws IOException {
        Path first = put(plugins, plugin("relu"));
        Shell.Result list = run("plugins");
        assertThat(list.code()).isZero();
        assertThat(list.out()).contains("relu of %s: the name is already taken by ".formatted(first), "remove one of");
        Path a = put(plugins, plugin("wanted"));
        Path b = Files.copy(a, plugins.resolve("wanted-2.jar"));
        assertThat(run("plugins").out()).contains(
                "wanted of %s: the name is already taken by %s; remove one of them".formatted(a, b));
    }

    @Test
    void plugins_that_need_each_other_are_all_refused_and_those_that_need_them() throws IOException {
        // javac takes no circles: each is compiled against an earlier version of the other.
        Path earlierAnt = put(workshop.resolve("earlier"), plugin("ant"));
        Path earlierBee = put(workshop.resolve("earlier"), plugin("bee"));
        Path ant = put(plugins, plugin("ant", "1", "", "strange.bee"), earlierBee);
        Path bee = put(plugins, plugin("bee", "1", "", "strange.ant"), earlierAnt);
        Path fan = put(plugins, plugin("fan", "1", "", "strange.ant"), earlierAnt);
        assertRefused(bee, "it is in a circle of plugins that need each other: %1$s → %2$s → %1$s; put all of them"
                .formatted(ant, bee));
        assertThat(parts().refusals()).extracting(Parts.Refusal::what).contains(ant.toString(), bee.toString(),
                fan.toString());
        assertThat(run("plugins").out()).contains(
                "%s: it needs module strange.ant of %s, which was refused, too".formatted(fan, ant));
    }

    @Test
    void module_that_two_plugins_have_is_no_answer_to_a_third_that_needs_it() throws IOException {
        Path first = put(plugins.resolve("first"), library("2"));
        Path second = put(plugins.resolve("second"), library("3"));
        Path jar = put(plugins, plugin("wanted", "library.Library.factor()", "", "library"), first);
        assertThat(second).exists();
        assertRefused(jar, "it needs module library, which is in each of %s, %s; keep one of them"
                .formatted(plugins.resolve("first"), plugins.resolve("second")));
    }

    @Test
    void two_jars_of_one_module_in_a_folder_are_refused() throws IOException {
        Path place = plugins.resolve("double");
        Path jar = put(place, plugin("wanted"));
        Files.copy(jar, place.resolve("wanted-2.jar"));
        assertRefused(place, "Two versions of module strange.wanted found");
    }

    @Test
    void library_that_is_missing_is_named() throws IOException {
        Path library = put(workshop.resolve("elsewhere"), library("2"));
        Path jar = put(plugins, plugin("wanted", "1", "library.Library.factor();", "library"), library);
        assertRefused(jar, PluginFolderTest.class.getModule().isNamed()
                ? "it needs module library, which is nowhere; put the jar of that module"
                : "class library.Library is missing; put the jar that holds it");
    }

    @Test
    void a_folder_that_is_not_there_costs_nothing_and_changes_nothing() {
        Parts parts = Parts.of(List.of());
        assertThat(new Plugins(folder.resolve("nowhere")).addTo(parts)).isSameAs(parts);
        assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
    }
}
