package dev.cambium.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.cambium.app.scaffold.PluginProject.Kind;
import dev.cambium.part.PartType;
import dev.cambium.part.Parts;

class NewPluginCommandTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void a_new_plugin_compiles_as_a_module_and_offers_its_part(Kind kind) throws IOException {
        Path project = folder.resolve("project");
        var result = shell().run("plugin", "new", "my-part", "--kind", kind.toString(), "--out", project.toString());
        assertThat(result.err()).isEmpty();
        assertThat(result.code()).isZero();
        assertThat(project.resolve("README.md")).content().contains("my-part", kind.toString());
        assertThat(project.resolve("pom.xml")).content().contains("<artifactId>my-part</artifactId>",
                "${project.build.directory}");
        assertThat(project.resolve("src/test/java/com/example/mypartplugin/MyPartTest.java")).content()
                .contains("extends PartConformance");
        assertThat(project.resolve("src/main/resources/META-INF/services/dev.cambium.part.PartProvider")).content()
                .isEqualTo("com.example.mypartplugin.MyPartParts\n");

        Path classes = compile(project.resolve("src/main/java"));

        PartType<?> type = offered(classes);
        assertThat(type.name()).isEqualTo("my-part");
        assertThat(type.create()).isInstanceOf(Record.class);
        assertThat(type.recordClass().getInterfaces()).extracting(each -> Parts.word(each))
                .containsExactly(kind.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"MyLayer", "my_layer", "1-layer", "-x-", "layer", "../layer"})
    void a_bad_name_is_wrong_usage_and_writes_nothing(String name) {
        var result = shell().run("plugin", "new", "--out", folder.resolve("project").toString(), "--", name);
        assertThat(result.code()).isEqualTo(Failures.USAGE);
        assertThat(result.err()).contains("'" + name + "'");
        assertThat(folder.resolve("project")).doesNotExist();
    }

    @Test
    void a_folder_with_files_in_it_is_left_alone() throws IOException {
        Path file = Files.writeString(folder.resolve("mine.txt"), "mine");
        var result = shell().run("plugin", "new", "my-part", "--out", folder.toString());
        assertThat(result.code()).isEqualTo(Failures.USAGE);
        assertThat(result.err()).contains(folder + " is not an empty folder", "--out");
        assertThat(folder).isDirectoryContaining(each -> each.equals(file));
        assertThat(folder.resolve("pom.xml")).doesNotExist();
    }

    @Test
    void an_unknown_kind_is_wrong_usage() {
        assertThat(shell().run("plugin", "new", "my-part", "--kind", "layers", "--out", folder.toString()).code())
                .isEqualTo(Failures.USAGE);
    }

    private Shell shell() {
        return new Shell(folder);
    }

    private Path compile(Path sources) throws IOException {
        Path classes = folder.resolve("classes");
        var arguments = new ArrayList<>(List.of("--module-path", modulePath(), "-d", classes.toString()));
        try (Stream<Path> files = Files.walk(sources)) {
            files.filter(Files::isRegularFile).map(Path::toString).forEach(arguments::add);
        }
        var said = new StringWriter();
        int code = ToolProvider.findFirst("javac").orElseThrow().run(new PrintWriter(said), new PrintWriter(said),
                arguments.toArray(String[]::new));
        assertThat(code).as(said.toString()).isZero();
        return classes;
    }

    /** Whether the tests run on the module path or, in an editor, on the class path. */
    private static String modulePath() {
        return System.getProperty("jdk.module.path", "") + File.pathSeparator + System.getProperty("java.class.path");
    }

    private static PartType<?> offered(Path classes) {
        Configuration configuration = Configuration.resolve(ModuleFinder.of(classes),
                List.of(Parts.class.getModule().getLayer().configuration()), ModuleFinder.of(),
                Set.of("com.example.mypartplugin"));
        ModuleLayer layer = ModuleLayer.defineModulesWithOneLoader(configuration,
                List.of(Parts.class.getModule().getLayer()), Parts.class.getClassLoader()).layer();
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(layer.findLoader("com.example.mypartplugin"));
        try {
            return Parts.discover().entries().stream()
                    .filter(entry -> entry.origin().equals("com.example.mypartplugin"))
                    .findFirst().orElseThrow().type();
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
