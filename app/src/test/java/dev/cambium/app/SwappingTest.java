package dev.cambium.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.cambium.app.parts.SourceJar;
import dev.cambium.app.parts.StrangerJar;

/** What happens where backends' jars come, go and are broken: the program itself, as a process, on a path with and without them. */
class SwappingTest {
    private static final String[] TRAIN = {"train", "--dataset", "synthetic-digits:testSize=1", "--max-steps", "1"};

    /** How Java is told where the jars are. */
    enum Way {
        MODULE_PATH, CLASS_PATH
    }

    /** What came of a process. */
    record Result(int code, String output) {}

    @TempDir
    private Path folder = Path.of("");
    private Path workshop = folder;

    @BeforeEach
    void make_workshop() throws IOException {
        workshop = Files.createDirectory(folder.resolve("workshop"));
    }

    private static List<Path> without(String part) {
        return SourceJar.program().stream().filter(each -> !each.toString().contains(part)).toList();
    }

    private static List<Path> plus(List<Path> path, List<Path> jars) {
        return Stream.concat(jars.stream(), path.stream()).toList();
    }

    private Path jar(StrangerJar stranger) throws IOException {
        return stranger.write(workshop, SourceJar.program());
    }

    private void addOn(String name, StrangerJar stranger) throws IOException {
        Files.move(jar(stranger), addOn(name).resolve("stranger.jar"));
    }

    private Path addOn(String name) throws IOException {
        return Files.createDirectories(folder.resolve("data/cambium/backends").resolve(name));
    }

    private Result run(Way way, List<Path> path, String... arguments) throws Exception {
        return run(way, path, Map.of("XDG_DATA_HOME", folder.resolve("data").toString()), arguments);
    }

    private Result run(Way way, List<Path> path, Map<String, String> environment, String... arguments)
            throws Exception {
        String joined = path.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Dguice_bytecode_gen_option=DISABLED",
                "--add-modules", "ALL-DEFAULT,jdk.incubator.vector"));
        command.addAll(switch (way) {
            case MODULE_PATH ->
                    List.of("--enable-native-access=cambium.app", "-p", joined, "-m",
                            "cambium.app/dev.cambium.app.Main");
            case CLASS_PATH -> List.of("-cp", joined, "dev.cambium.app.Main");
        });
        command.addAll(List.of(arguments));
        Path output = folder.resolve("output.txt");
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("the process ends").isTrue();
        } finally {
            process.destroyForcibly();
        }
        String text = Files.readString(output);
        assertThat(text).doesNotContain("\tat ");
        return new Result(process.exitValue(), text);
    }

    // ---- jars that are taken away

    @ParameterizedTest
    @EnumSource
    void where_the_only_backend_is_taken_away_training_says_what_to_add(Way way) throws Exception {
        assertThat(run(way, without("backend-cpu"), TRAIN)).satisfies(result -> {
            assertThat(result.code()).isEqualTo(1);
            assertThat(result.output()).endsWith("cambium: no backend on the class path or module path; "
                    + "add one, such as cambium-backend-cpu%n".formatted());
        });
    }

    @ParameterizedTest
    @EnumSource
    void where_the_only_backend_is_taken_away_the_list_says_so(Way way) throws Exception {
        assertThat(run(way, without("backend-cpu"), "backends")).satisfies(result -> {
            assertThat(result.code()).isZero();
            assertThat(result.output()).contains(
                    "there is none: put the jar of one, such as cambium-backend-cpu, on the class path or module path");
        });
    }

    @ParameterizedTest
    @EnumSource
    void where_the_stock_backend_is_taken_away_another_one_computes(Way way) throws Exception {
        assertThat(run(way, plus(without("backend-cpu"), List.of(jar(StrangerJar.of("abacus")))), TRAIN))
                .satisfies(result -> {
                    assertThat(result.code()).isEqualTo(1);
                    assertThat(result.output()).endsWith("cambium: a stranger opens nothing%n".formatted());
                });
    }

    // ---- jars that are broken

    @ParameterizedTest
    @EnumSource
    void broken_backends_are_listed_with_the_reason_and_do_no_other_harm(Way way) throws Exception {
        List<Path> path = plus(SourceJar.program(), List.of(
                jar(StrangerJar.of("thrower")
                        .constructed("if (true) throw new IllegalStateException(\"no license\");")),
                jar(StrangerJar.of("unlinked").constructed("System.loadLibrary(\"absent\");")),
                jar(StrangerJar.of("helpless").constructed("new Absent();")),
                jar(StrangerJar.of("orphan").orphaned()), jar(StrangerJar.of("good"))));
        Result list = run(way, path, "backends");
        assertThat(list.code()).isZero();
        assertThat(list.output()).containsPattern("cpu +\\S+ +0 +cpu \\(").containsPattern("good +\\S+ +-1 +abacus \\(")
                .contains(
                        "thrower can't be used here: its provider failed: java.lang.IllegalStateException: no license",
                        "unlinked can't be used here: its provider failed: a native library can't be loaded: no absent in java.library.path",
                        "helpless can't be used here: its provider failed: class strange.helpless.Absent is missing; "
                                + "the jar that holds it must be on the class path or module path too",
                        "a provider of parts was refused: ", "class strange.orphan.Absent is missing; ");
        assertThat(run(way, path, TRAIN).code()).isZero();
        Path experiment = Files.writeString(folder.resolve("thrower.yaml"), "backend: thrower");
        for (String[] naming : List.of(concat(TRAIN, "--backend", "thrower"),
                new String[] {"train", experiment.toString()})) {
            assertThat(run(way, path, naming)).satisfies(named -> {
                assertThat(named.code()).isEqualTo(1);
                assertThat(named.output())
                        .contains(
                                "backend 'thrower' can't be used here: its provider failed: java.lang.IllegalStateException: no license");
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void native_library_that_is_missing_when_the_backend_is_opened_is_named(Way way) throws Exception {
        Path jar = jar(StrangerJar.of("unlinked").opened("System.loadLibrary(\"absent\");"));
        assertThat(run(way, plus(SourceJar.program(), List.of(jar)), concat(TRAIN, "--backend", "unlinked")))
                .satisfies(result -> {
                    assertThat(result.code()).isEqualTo(1);
                    assertThat(result.output()).contains(
                            "cambium: backend 'unlinked' can't be opened: a native library can't be loaded: no absent in java.library.path");
                });
    }

    @ParameterizedTest
    @EnumSource
    void of_two_backends_of_one_name_both_jars_are_named(Way way) throws Exception {
        Path first = jar(StrangerJar.of("twin").in("strange.a"));
        Path second = jar(StrangerJar.of("twin").in("strange.b"));
        Result list = run(way, plus(SourceJar.program(), List.of(first, second)), "backends");
        assertThat(list.code()).isZero();
        String refused = "twin of %s was refused: the name is already taken by %s; remove one of them";
        assertThat(list.output()).containsAnyOf(switch (way) {
            case MODULE_PATH -> new String[] {refused.formatted("strange.b", "strange.a"),
                    refused.formatted("strange.a", "strange.b")}; // has no order
            case CLASS_PATH -> new String[] {refused.formatted("file:" + second, "file:" + first)};
        });
    }

    private static String[] concat(String[] first, String... second) {
        return Stream.concat(Stream.of(first), Stream.of(second)).toArray(String[]::new);
    }

    // ---- add-ons

    @Test
    void add_ons_are_loaded_each_by_itself_and_broken_ones_named() throws Exception {
        addOn("modular", StrangerJar.of("modular"));
        addOn("automatic", StrangerJar.of("automatic").plain());
        addOn("ledger", StrangerJar.of("ledger").needing("java.sql").constructed("new java.sql.Date(0);"));
        addOn("unlinked", StrangerJar.of("unlinked").constructed("System.loadLibrary(\"absent\");"));
        addOn("double", StrangerJar.of("double").in("cambium.models"));
        Files.writeString(addOn("corrupt").resolve("corrupt.jar"), "this is no jar");
        Path library = jar(StrangerJar.of("library"));
        Path needy = StrangerJar.of("needy").needing("strange.library").write(workshop,
                plus(SourceJar.program(), List.of(library)));
        Files.move(needy, addOn("needy").resolve("needy.jar"));
        Result list = run(Way.MODULE_PATH, SourceJar.program(), "backends");
        assertThat(list.code()).isZero();
        assertThat(list.output()).containsPattern("cpu +\\S+ +0 +cpu \\(").containsPattern("modular +- +-1 +abacus")
                .containsPattern("automatic +- +-1 +abacus").containsPattern("ledger +- +-1 +abacus")
                .contains("unlinked can't be used here: its provider failed: a native library",
                        refused("corrupt", "it is no jar that can be read ("),
                        refused("needy", "it needs module strange.library, which is nowhere"),
                        refused("double", "it holds nothing but what Cambium has already"));
    }

    private String refused(String name, String problem) {
        return "%s was refused: %s".formatted(folder.resolve("data/cambium/backends").resolve(name), problem);
    }

    @Test
    void add_ons_are_found_where_the_program_runs_from_the_class_path() throws Exception {
        addOn("abacus", StrangerJar.of("abacus"));
        addOn("unlinked", StrangerJar.of("unlinked").constructed("System.loadLibrary(\"absent\");"));
        assertThat(run(Way.CLASS_PATH, SourceJar.program(), "backends").output())
                .containsPattern("cpu +\\S+ +0 +cpu \\(")
                .containsPattern("abacus +- +-1 +abacus")
                .contains("unlinked can't be used here: its provider failed: a native library");
    }

    @Test
    void add_ons_are_looked_for_in_the_home_that_the_environment_names() throws Exception {
        Path place = Files.createDirectories(folder.resolve("home/.local/share/cambium/backends/abacus"));
        Files.move(jar(StrangerJar.of("abacus")), place.resolve("abacus.jar"));
        assertThat(run(Way.MODULE_PATH, SourceJar.program(),
                Map.of("XDG_DATA_HOME", "", "HOME", folder.resolve("home").toString()), "backends").output())
                        .containsPattern("abacus +- +-1 ");
    }

    // ---- plugins

    @ParameterizedTest
    @EnumSource
    void plugins_are_looked_for_in_the_working_folder_and_broken_ones_do_no_harm(Way way) throws Exception {
        Path plugins = Files.createDirectory(folder.resolve("plugins"));
        Files.move(jar(StrangerJar.of("abacus")), plugins.resolve("abacus.jar"));
        Files.writeString(plugins.resolve("corrupt.jar"), "this is no jar");
        assertThat(run(way, SourceJar.program(), "backends").output()).containsPattern("abacus +- +-1 +abacus")
                .containsPattern("cpu +\\S+ +0 +cpu \\(");
        assertThat(run(way, SourceJar.program(), "plugins").output())
                .contains("plugins/corrupt.jar: it is no jar that can be read (");
        assertThat(run(way, SourceJar.program(), TRAIN).code()).isZero();
        Result needing = run(way, SourceJar.program(), concat(TRAIN, "--network", "corrupt"));
        assertThat(needing.code()).isNotZero();
        assertThat(needing.output()).contains("unknown layer 'corrupt'", "plugins/corrupt.jar: it is no jar");
    }
}
