package dev.cambium.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import dev.cambium.app.parts.Unmeasured;
import dev.cambium.models.Safetensors;
import dev.cambium.part.PartType;

@Tag("classpath")
class TrainCommandTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void run_folder_holds_all_that_was_promised() throws IOException {
        Path out = folder.resolve("run");
        Shell.Result result = train("--out", out.toString());
        assertThat(result.err()).isEmpty();
        assertThat(result.code()).isZero();
        assertThat(files(out)).containsExactly("confusion-matrix.png", "learning-curve.png", "metrics.jsonl",
                "model.safetensors", "samples.png", "settings.json");
        for (String picture : List.of("confusion-matrix.png", "learning-curve.png", "samples.png")) {
            assertThat(Files.readAllBytes(out.resolve(picture)))
                    .startsWith("\211PNG".getBytes(StandardCharsets.ISO_8859_1));
        }
        assertThat(result.out()).contains("Written to " + out, "model.safetensors", "learning-curve.png");
    }

    @Test
    void shapes_and_summary_come_before_training() {
        assertThat(train().out()).startsWith("""

                Data: strokes
                           images                  labels
                train      float32[40, 1, 28, 28]  int64[40]
                test       float32[12, 1, 28, 28]  int64[12]
                one batch  float32[10, 1, 28, 28]  int64[10]
                classes: level, upright

                Network: one-layer
                layer      kind      output  parameters  FLOPs
                one-layer  OneLayer  [2]              0      0
                fc         Linear    [2]          1,570  3,136
                total                             1,570  3,136
                """);
    }

    @Test
    void strokes_are_told_apart_after_two_epochs() {
        assertThat(train().out()).contains("epoch 1/2  train loss ", "epoch 2/2  train loss ",
                "Confusion matrix: rows are what it was, columns what was predicted",
                "level         6       ·  100.00 %", "On 12 test images: loss 0.", "accuracy 100.00 %");
    }

    @Test
    void metrics_have_a_line_for_the_first_step_each_interval_and_each_epoch() throws IOException {
        Path out = folder.resolve("run");
        assertThat(train("--batch-size", "4", "--out", out.toString()).code()).isZero();
        List<JsonObject> lines = Files.readAllLines(out.resolve("metrics.jsonl")).stream()
                .map(line -> JsonParser.parseString(line).getAsJsonObject()).toList();
        assertThat(lines).extracting(line -> line.get("step").getAsLong()).containsExactly(1L, 10L, 10L, 20L, 20L);
        assertThat(lines).extracting(line -> line.get("epoch").getAsInt()).containsExactly(1, 1, 1, 2, 2);
        assertThat(lines.get(0).keySet()).containsExactly("step", "epoch", "train_loss", "train_accuracy",
                "images_per_second");
        assertThat(lines.get(2).keySet()).containsExactly("step", "epoch", "train_loss", "train_accuracy",
                "images_per_second", "test_loss", "test_accuracy");
        assertThat(lines.get(4).get("test_accuracy").getAsDouble()).isEqualTo(1);
        assertThat(lines.get(4).get("test_loss").getAsDouble())
                .isLessThan(lines.get(2).get("test_loss").getAsDouble());
    }

    @Test
    void settings_name_everything_that_the_run_follows_from() throws IOException {
        Path out = folder.resolve("run");
        assertThat(train("--out", out.toString(), "--seed", "7", "--max-steps", "3", "--threads", "1", "--optimizer",
                "sgd:momentum=0.5", "--learning-rate", "0.1").code()).isZero();
        JsonObject settings = JsonParser.parseString(Files.readString(out.resolve("settings.json"))).getAsJsonObject();
        assertThat(settings.getAsJsonObject("dataset")).hasToString(
                "{\"name\":\"strokes\",\"settings\":{\"trainSize\":40}}");
        assertThat(settings.getAsJsonObject("network"))
                .hasToString("{\"name\":\"one-layer\",\"settings\":{\"classes\":2}}");
        assertThat(settings.getAsJsonObject("optimizer").getAsJsonObject("settings")).hasToString(
                "{\"learningRate\":0.1,\"momentum\":0.5,\"dampening\":0.0,\"weightDecay\":0.0,\"nesterov\":false}");
        assertThat(settings.get("seed").getAsLong()).isEqualTo(7);
        assertThat(settings.get("epochs").getAsInt()).isEqualTo(2);
        assertThat(settings.get("batch_size").getAsInt()).isEqualTo(10);
        assertThat(settings.get("max_steps").getAsLong()).isEqualTo(3);
        assertThat(settings.getAsJsonObject("input")).hasToString("{\"dtype\":\"float32\",\"shape\":[1,28,28]}");
        assertThat(settings.getAsJsonObject("machine").keySet()).containsExactly("cambium", "java", "os", "cpu",
                "processors", "backend", "device");
        assertThat(settings.getAsJsonObject("machine").get("backend").getAsString()).isEqualTo("cpu");
        assertThat(settings.getAsJsonObject("backend").getAsJsonObject("settings").get("threads").getAsInt())
                .isEqualTo(1);
    }

    @Test
    void reference_file_and_built_in_defaults_give_identical_bits() {
        Path file = folder.resolve("from-file");
        Path defaults = folder.resolve("defaults");
        String[] rest = {"--dataset", "strokes:trainSize=150", "--epochs", "1"};
        Path reference = Path.of("../experiments/reference.yaml");
        assertThat(
                new Shell(folder).run(arguments(rest, "train", reference.toString(), "--out", file.toString())).err())
                        .isEmpty();
        assertThat(new Shell(folder).run(arguments(rest, "train", "--out", defaults.toString())).code()).isZero();
        var weights = Safetensors.read(defaults.resolve("model.safetensors")).tensors();
        assertThat(weights).hasSize(8);
        assertThat(Safetensors.read(file.resolve("model.safetensors")).tensors()).isEqualTo(weights);
    }

    @Test
    void network_of_a_file_is_evaluated_later_with_its_transforms() throws IOException {
        Path file = Files.writeString(folder.resolve("small.yaml"), """
                dataset: strokes
                transforms: [{type: scale, factor: 0.5}]
                model: [flatten, {name: head, type: linear, outFeatures: 2}, log-softmax]
                optimizer: {type: adam, learningRate: 0.01}
                schedule: {type: step-decay, every: 4}
                callbacks: [early-stopping]
                epochs: 2
                batchSize: 10
                """);
        Path out = folder.resolve("run");
        assertThat(new Shell(folder).run("train", file.toString(), "--out", out.toString()).err()).isEmpty();
        assertThat(out.resolve("settings.json")).content().contains("\"name\": \"step-decay\"",
                "\"outFeatures\": 2", "early-stopping");
        Shell.Result evaluated = new Shell(folder).run("evaluate", out.toString());
        assertThat(evaluated.err()).isEmpty();
        assertThat(evaluated.out()).contains("On 12 test images");
        assertThat(new Shell(folder).run("train", file.toString()).code()).isZero();
        assertThat(files(new Shell(folder).runs())).singleElement().asString().endsWith("-small-seed1");
    }

    @Test
    void backend_of_an_experiment_must_be_there() throws IOException {
        Path file = Files.writeString(folder.resolve("small.yaml"), "backend: cpi");
        assertThat(new Shell(folder).run("train", file.toString())).isEqualTo(failed(
                "%s:1:10: unknown backend 'cpi' (did you mean 'cpu'?); there are: cpu".formatted(file)));
    }

    private static String[] arguments(String[] rest, String... first) {
        return Stream.concat(Stream.of(first), Stream.of(rest)).toArray(String[]::new);
    }

    @Test
    void weights_have_their_names_and_say_whose_they_are() {
        Path out = folder.resolve("run");
        assertThat(train("--out", out.toString()).code()).isZero();
        Safetensors.Contents weights = Safetensors.read(out.resolve("model.safetensors"));
        assertThat(weights.tensors().keySet()).containsExactly("fc.weight", "fc.bias");
        assertThat(weights.metadata()).containsEntry("network", "one-layer");
    }

    @Test
    void same_seed_gives_the_same_weights_on_any_number_of_threads() {
        Path one = folder.resolve("one");
        Path two = folder.resolve("two");
        Path other = folder.resolve("other");
        assertThat(train("--threads", "1", "--out", one.toString()).code()).isZero();
        assertThat(train("--threads", "2", "--out", two.toString()).code()).isZero();
        assertThat(train("--seed", "2", "--out", other.toString()).code()).isZero();
        var weights = Safetensors.read(one.resolve("model.safetensors")).tensors();
        assertThat(Safetensors.read(two.resolve("model.safetensors")).tensors()).isEqualTo(weights);
        assertThat(Safetensors.read(other.resolve("model.safetensors")).tensors()).isNotEqualTo(weights);
    }

    @Test
    void max_steps_ends_training_early_with_everything_written() throws IOException {
        Path out = folder.resolve("run");
        Shell.Result result = train("--max-steps", "3", "--out", out.toString());
        assertThat(result.code()).isZero();
        assertThat(files(out)).hasSize(6);
        assertThat(Files.readString(out.resolve("metrics.jsonl"))).startsWith("{\"step\":1,\"epoch\":1,")
                .contains("{\"step\":3,\"epoch\":1,", "\"test_accuracy\":").hasLineCount(2);
    }

    @Test
    void without_a_folder_named_the_run_gets_a_readable_one() throws IOException {
        assertThat(train("--seed", "5").code()).isZero();
        assertThat(train("--seed", "5").code()).isZero();
        assertThat(files(new Shell(folder).runs())).hasSize(2)
                .allMatch(name -> name.matches("\\d{4}-\\d\\d-\\d\\d-\\d{4}-one-layer-seed5(-2)?"));
    }

    @Test
    void folder_that_is_not_empty_is_refused() throws IOException {
        Path out = Files.createDirectory(folder.resolve("run"));
        Files.writeString(out.resolve("thesis.txt"), "years of work");
        Shell.Result result = train("--out", out.toString());
        assertThat(result).isEqualTo(failed(
                out + " is not empty: a run needs a folder of its own. Name one that doesn't exist yet with --out"));
        assertThat(files(out)).containsExactly("thesis.txt");
    }

    @Test
    void file_in_place_of_the_folder_is_refused() throws IOException {
        Path out = Files.writeString(folder.resolve("run"), "a file");
        assertThat(train("--out", out.toString()))
                .isEqualTo(failed("can't make the folder " + out + ": a file of this name is in the way"));
        assertThat(out).hasContent("a file");
    }

    @Test
    void folder_below_a_file_is_refused() throws IOException {
        Path out = Files.writeString(folder.resolve("file"), "a file").resolve("run");
        assertThat(train("--out", out.toString()).err()).startsWith("cambium: can't make the folder " + out + ": ")
                .doesNotContain("Exception").hasLineCount(1);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void folder_that_nobody_may_write_to_is_refused() {
        assertThat(train("--out", "/sys/cambium").err()).matches(
                "cambium: can't make the folder /sys/cambium: (operation not permitted|permission denied|read-only file system)\\R");
    }

    @Test
    void mnist_that_cannot_be_had_gives_way_to_synthetic_digits_if_none_was_named() {
        Path out = folder.resolve("run");
        Shell.Result result = new Shell(folder).run("train", "--network", "one-layer", "--epochs", "1", "--out",
                out.toString());
        assertThat(result.code()).isZero();
        assertThat(result.out()).startsWith(
                """
                        dataset 'mnist' can't be had from any source:
                          folder /data: it is empty
                          https://example.org/mnist: no route to host
                        Name a folder that holds its files with --data.
                        No dataset was named, so synthetic digits take its place: 'synthetic-digits' needs neither files nor a network.
                        """);
        assertThat(out.resolve("settings.json")).content().contains("\"name\": \"synthetic-digits\"");
    }

    @Test
    void mnist_that_was_named_and_cannot_be_had_fails_with_every_source() {
        Shell.Result result = new Shell(folder).run("train", "--dataset", "mnist", "--network", "one-layer");
        assertThat(result).isEqualTo(failed("""
                dataset 'mnist' can't be had from any source:
                  folder /data: it is empty
                  https://example.org/mnist: no route to host
                Name a folder that holds its files with --data.""".replace("\n", System.lineSeparator())));
        assertThat(new Shell(folder).runs()).isEmptyDirectory();
    }

    @Test
    void dataset_without_classes_is_refused() {
        assertThat(train("--dataset", "numbers"))
                .isEqualTo(failed("dataset 'numbers' has no classes, and cambium's commands are about classification"));
    }

    @Test
    void network_that_the_images_do_not_fit_names_layer_and_shapes() {
        Shell.Result result = train("--network", "conv2d:outChannels=4,kernelSize=99");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).startsWith("cambium: --network: conv2d: ").contains("99×99", "[1, 1, 28, 28]")
                .hasLineCount(1);
        assertThat(new Shell(folder).runs()).doesNotExist();
    }

    @Test
    void batch_that_memory_cannot_hold_is_refused_and_leaves_nothing() {
        Shell.Result result = train("--dataset", "strokes:trainSize=60000", "--network", "mnist-cnn", "--batch-size",
                "60000");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).startsWith("cambium: ").contains("batch").hasLineCount(1);
        assertThat(new Shell(folder).runs()).isEmptyDirectory();
    }

    @Test
    void run_that_diverges_says_so_and_is_written_all_the_same() throws IOException {
        Path out = folder.resolve("run");
        Shell.Result result = train("--optimizer", "sgd", "--learning-rate", "1e300", "--out", out.toString());
        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("The loss is no longer a number: the run has diverged.");
        assertThat(Files.readAllLines(out.resolve("metrics.jsonl")))
                .allSatisfy(line -> assertThat(JsonParser.parseString(line).isJsonObject()).isTrue());
        assertThat(files(out)).hasSize(6);
    }

    // ---- profiles

    private static final String[] TINY = {"--dataset", "strokes", "--network", "one-layer", "--epochs", "2",
            "--batch-size", "3"};

    @Test
    void profile_says_where_the_time_of_the_steps_went() {
        Path out = folder.resolve("run");
        Shell.Result result = new Shell(folder).run(arguments(TINY, "train", "--profile", "--max-steps", "20",
                "--threads", "2", "--out", out.toString()));
        assertThat(result.err()).isEmpty();
        assertThat(result.code()).isZero();
        // 13 steps of 3 images and one of a single image are an epoch, so there are two executables.
        assertThat(result.out()).containsPattern("""
                Where the time of 20 steps of [\\d.,]+ ms went, on 2 threads
                kernel +layer +calls +ms +share +GFLOP/s +GB/s +visited
                """).containsPattern("(?m)^matmul +one-layer/fc +\\d+ +[\\d.]+ +[\\d.]+ % +[\\d.]+ +[\\d.]+$")
                .containsPattern("(?m)^elementwise +optimizer/fc.weight +\\d+ +[\\d.]+ +[\\d.]+ % +[\\d.]+$")
                .containsPattern("(?m)^waiting, between kernels +[\\d.]+ +[\\d.]+ %$")
                .containsPattern("(?m)^total +[\\d.]+ +100.00 %$")
                .containsPattern("(?m)^trace.json +[\\d.]+ kB +the last 10 steps");
    }

    @Test
    void trace_holds_the_calls_of_the_last_steps_without_overlap() throws IOException {
        Path out = folder.resolve("run");
        assertThat(new Shell(folder).run(arguments(TINY, "train", "--profile", "--max-steps", "20", "--threads", "2",
                "--out", out.toString())).code()).isZero();
        List<JsonObject> all = JsonParser.parseString(Files.readString(out.resolve("trace.json"))).getAsJsonObject()
                .getAsJsonArray("traceEvents").asList().stream().map(JsonElement::getAsJsonObject).toList();
        assertThat(all.stream().filter(event -> event.get("ph").getAsString().equals("M"))
                .map(event -> event.getAsJsonObject("args").get("name").getAsString()))
                        .containsExactly("cambium train", "steps", "thread 0", "thread 1");
        List<JsonObject> calls = all.stream().filter(event -> event.get("ph").getAsString().equals("X")).toList();
        assertThat(calls).extracting(event -> event.getAsJsonObject("args").get("step").getAsLong())
                .containsOnly(11L, 12L, 13L, 14L, 15L, 16L, 17L, 18L, 19L, 20L);
        assertThat(calls).anySatisfy(event -> {
            assertThat(event.get("name").getAsString()).isEqualTo("matmul");
            assertThat(event.getAsJsonObject("args").get("layer").getAsString()).isEqualTo("one-layer/fc");
            assertThat(event.getAsJsonObject("args").get("does").getAsString()).startsWith("matmul %");
        });
        List<JsonObject> steps = row(calls, 0);
        assertThat(steps).extracting(event -> event.get("name").getAsString()).startsWith("step 11").hasSize(10);
        for (int thread = 0; thread <= 2; thread++) {
            double end = 0;
            for (JsonObject event : row(calls, thread)) {
                assertThat(start(event)).isGreaterThan(end - 1e-4);
                end = start(event) + event.get("dur").getAsDouble();
                assertThat(steps).anyMatch(step -> step.getAsJsonObject("args").get("step").equals(
                        event.getAsJsonObject("args").get("step")) && start(step) <= start(event));
            }
        }
    }

    private static double start(JsonObject event) {
        return event.get("ts").getAsDouble();
    }

    private static List<JsonObject> row(List<JsonObject> events, int row) {
        return events.stream().filter(event -> event.get("tid").getAsInt() == row)
                .sorted(Comparator.comparingDouble(TrainCommandTest::start)).toList();
    }

    @Test
    void profile_changes_no_weight() throws IOException {
        Path plain = folder.resolve("plain");
        Path profiled = folder.resolve("profiled");
        assertThat(new Shell(folder).run(arguments(TINY, "train", "--out", plain.toString())).code()).isZero();
        assertThat(new Shell(folder).run(arguments(TINY, "train", "--profile", "--out", profiled.toString())).code())
                .isZero();
        assertThat(profiled.resolve("model.safetensors")).hasSameBinaryContentAs(plain.resolve("model.safetensors"));
        assertThat(files(plain)).doesNotContain("trace.json");
        assertThat(files(profiled)).contains("trace.json");
    }

    @Test
    void profile_of_a_backend_that_cannot_measure_is_wrong_usage() {
        Shell.Result result = new Shell(folder).runWith(List.of(PartType.of(Unmeasured.class)),
                arguments(TINY, "train", "--profile", "--backend", "unmeasured"));
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).isEqualTo("""
                cambium: Invalid option '--profile': backend 'unmeasured' can't measure its kernels; leave the option \
                away, or name a backend that can, such as --backend cpu
                'cambium train --help' says what can be asked for.
                """.replace("\n", System.lineSeparator()));
        assertThat(new Shell(folder).runs()).isEmptyDirectory();
    }

    private Shell.Result train(String... arguments) {
        var all = Stream.concat(Stream.of("train", "--dataset", "strokes", "--network", "one-layer", "--epochs", "2",
                "--batch-size", "10", "--learning-rate", "0.01"), Stream.of(arguments));
        return new Shell(folder).run(withoutOverridden(all.toList()));
    }

    /** Options may be given once only: later ones replace those of {@link #train}. */
    private static String[] withoutOverridden(List<String> arguments) {
        var options = new java.util.LinkedHashMap<String, String>();
        for (int i = 1; i < arguments.size(); i += 2) {
            options.put(arguments.get(i), arguments.get(i + 1));
        }
        return Stream.concat(Stream.of("train"),
                options.entrySet().stream().flatMap(option -> Stream.of(option.getKey(), option.getValue())))
                .toArray(String[]::new);
    }

    private static Shell.Result failed(String message) {
        return new Shell.Result(1, "", "cambium: %s%n".formatted(message));
    }

    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
