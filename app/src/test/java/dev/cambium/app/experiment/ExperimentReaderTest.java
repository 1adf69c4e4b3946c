package dev.cambium.app.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import dev.cambium.CambiumException;
import dev.cambium.app.addon.Offers;
import dev.cambium.app.experiment.ExperimentReader.Replacement;
import dev.cambium.app.parts.TinyParts;
import dev.cambium.app.wiring.ChosenPart;
import dev.cambium.backend.BackendProvider;
import dev.cambium.models.Adam;
import dev.cambium.models.Conv2d;
import dev.cambium.models.Cosine;
import dev.cambium.models.CrossEntropy;
import dev.cambium.models.EarlyStopping;
import dev.cambium.models.Linear;
import dev.cambium.models.MnistCnn;
import dev.cambium.models.Network;
import dev.cambium.models.Relu;
import dev.cambium.models.Sgd;
import dev.cambium.models.StockParts;
import dev.cambium.nn.NamedLayer;
import dev.cambium.part.Parts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExperimentReaderTest {
    private static final Parts PARTS = Parts.of(List.of(new StockParts(), new TinyParts()))
            .with("backends", List.copyOf(Parts.discover().all(BackendProvider.class)));
    private static final Offers OFFERS = Offers.ofDistribution();

    @TempDir
    private Path folder = Path.of("");

    private Experiment read(String yaml, String... replacements) throws IOException {
        Path file = Files.writeString(folder.resolve("my.yaml"), yaml);
        return ExperimentReader.read(Optional.of(file),
                List.of(replacements).stream().map(text -> Replacement.parse("--set", text)).toList(), PARTS,
                OFFERS);
    }

    /** The message with the file's name alone. */
    private String mistakes(String yaml, String... replacements) {
        try {
            return "none: " + read(yaml, replacements);
        } catch (CambiumException e) {
            return String.valueOf(e.getMessage()).replace(folder.resolve("my.yaml").toString(), "my.yaml");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void without_a_file_it_is_the_reference_run() {
        Experiment experiment = ExperimentReader.read(Optional.empty(), List.of(), PARTS, OFFERS);
        assertThat(experiment).isEqualTo(new Experiment(Optional.empty(), List.of(), new MnistCnn(0.25),
                new CrossEntropy(), new Adam(0.001), Optional.empty(), List.of(), 15, 50, Optional.empty(), 1,
                Optional.empty()));
    }

    @Test
    void empty_file_is_the_reference_run_too() throws IOException {
        assertThat(read("# nothing yet\n"))
                .isEqualTo(ExperimentReader.read(Optional.empty(), List.of(), PARTS, OFFERS));
    }

    @Test
    void parts_stand_by_name_or_with_settings() throws IOException {
        Experiment experiment = read("""
                dataset: {type: strokes, trainSize: 20}
                model:
                  - flatten
                  - {name: head, type: linear, outFeatures: 2}
                optimizer:
                  type: sgd
                  momentum: 0.9
                schedule: {type: cosine, steps: 100, warmup: 10}
                callbacks:
                  - early-stopping
                epochs: 3
                maxSteps: 7
                backend: {type: cpu, threads: 2}
                """);
        assertThat(experiment.model()).isInstanceOfSatisfying(Network.class, network -> assertThat(network.layers())
                .extracting(NamedLayer::name).containsExactly("0", "head"));
        assertThat(experiment.optimizer()).isEqualTo(new Sgd(0.001, 0.9));
        assertThat(experiment.schedule()).contains(new Cosine(100, 10, 0));
        assertThat(experiment.callbacks()).containsExactly(new EarlyStopping(3, 0));
        assertThat(experiment.epochs()).isEqualTo(3);
        assertThat(experiment.maxSteps()).contains(7L);
        assertThat(ChosenPart.of(PARTS, BackendProvider.class, experiment.backend().orElseThrow()))
                .satisfies(backend -> assertThat(backend.name()).isEqualTo("cpu"))
                .satisfies(backend -> assertThat(backend.settings()).containsEntry("threads", 2));
    }

    @Test
    void layers_that_name_their_inputs_make_a_graph() throws IOException {
        assertThat(read("""
                dataset: strokes
                model:
                  - {name: a, type: conv2d, outChannels: 4, kernelSize: 3, padding: same}
                  - {name: b, type: conv2d, outChannels: 4, kernelSize: 3, padding: same}
                  - {name: sum, type: relu, inputs: [a, b]}
                  - {name: both, type: relu, inputs: [sum, input], combine: concat}
                """).model()).isInstanceOfSatisfying(Network.class, network -> {
            assertThat(network.layers().get(2)).isEqualTo(
                    new NamedLayer("sum", new Relu(), List.of("a", "b"), NamedLayer.Combine.SUM));
            assertThat(network.layers().get(3).combine()).isEqualTo(NamedLayer.Combine.CONCAT);
        });
    }

    @Test
    void eight_mistakes_get_one_report_with_eight_entries() {
        assertThat(mistakes("""
                dataset: strokse
                model:
                  - {name: conv1, type: conv2d, outChannels: 32, kernelsize: 3, kernelSize: 3}
                  - {name: pool, type: max-pool2d, kernelSize: two}
                  - {name: fc, type: linear, outFeatures: 10, bais: true}
                  - relu6
                loss: cross-entropie
                optimizer: {type: adam, beta1: 1.5}
                epoch: 15
                """)).isEqualTo(
                """
                        8 mistakes:
                          my.yaml:1:10: unknown dataset 'strokse' (did you mean 'strokes'?); there are: mnist, numbers, patience, strokes, synthetic-digits, words
                          my.yaml:3:50: conv2d has no setting 'kernelsize' (did you mean 'kernelSize'?); it has outChannels, kernelSize, stride, padding, dilation, groups, bias, initializer
                          my.yaml:4:48: max-pool2d.kernelSize is 'two', but must be a whole number
                          my.yaml:5:47: linear has no setting 'bais' (did you mean 'bias'?); it has outFeatures, bias, initializer
                          my.yaml:6:5: unknown layer 'relu6' (did you mean 'relu'?); there are: conv2d, dropout, dropout2d, flatten, linear, log-softmax, max-pool2d, mnist-cnn, network, one-hot, one-layer, relu
                          my.yaml:7:7: unknown loss 'cross-entropie' (did you mean 'cross-entropy'?); there are: cross-entropy, nll
                          my.yaml:8:32: adam.beta1 is '1.5', but must be a number from 0 to 1
                          my.yaml:9:1: experiment has no setting 'epoch' (did you mean 'epochs'?); it has dataset, transforms, model, loss, optimizer, schedule, callbacks, epochs, batchSize, maxSteps, seed, backend""");
    }

    @Test
    void layer_that_does_not_fit_is_reported_where_it_stands_with_all_else() {
        assertThat(mistakes("""
                dataset: strokes
                model:
                  - flatten
                  - {name: conv, type: conv2d, outChannels: 4, kernelSize: 3}
                seed: one
                """)).isEqualTo(
                """
                        2 mistakes:
                          my.yaml:4:5: network/conv: conv2d: images [n, c, h, w] are wanted whose channels split into 1 groups, not float32[1, 784]
                          my.yaml:5:7: experiment.seed is 'one', but must be a whole number""");
    }

    @Test
    void missing_settings_and_values_are_said() {
        assertThat(mistakes("model: [{type: linear}]")).isEqualTo(
                "my.yaml:1:9: linear needs the setting 'outFeatures': the number of outputs");
        assertThat(mistakes("epochs:\n")).isEqualTo(
                "my.yaml:1:8: experiment.epochs has no value: give a whole number from 1 to 1000000, or leave the key out");
        assertThat(mistakes("optimizer: [adam]")).isEqualTo(
                "my.yaml:1:12: write the name of the optimizer, or 'type: NAME' with its settings");
        assertThat(mistakes("callbacks: early-stopping")).isEqualTo(
                "my.yaml:1:12: experiment.callbacks must be a list of callbacks");
        assertThat(mistakes("epochs: [1, 2]")).isEqualTo(
                "my.yaml:1:9: experiment.epochs must be a whole number from 1 to 1000000");
    }

    @Test
    void what_is_no_yaml_is_said_with_line_and_column() {
        assertThat(mistakes("model: [relu\nepochs: 3")).startsWith("my.yaml:2:").contains("this is no YAML");
        assertThat(mistakes("epochs: 1\nepochs: 2"))
                .isEqualTo("my.yaml:2:1: 'epochs' stands here a second time, after my.yaml:1:1");
        assertThat(mistakes("- relu")).isEqualTo(
                "my.yaml:1:1: an experiment is keys with values, such as 'epochs: 15'");
    }

    @Test
    void replacements_reach_every_value() throws IOException {
        Experiment experiment = read("""
                dataset: strokes
                model:
                  - {name: conv, type: conv2d, outChannels: 4, kernelSize: 3}
                  - flatten
                  - {type: linear, outFeatures: 3}
                """, "optimizer.learningRate=3e-4",
                "model.conv.kernelSize=5", "model.2.outFeatures=2", "epochs=2", "dataset.trainSize=20",
                "callbacks=[early-stopping]");
        assertThat(experiment.optimizer()).isEqualTo(new Adam(3e-4));
        Network network = (Network) experiment.model();
        assertThat(network.layers().get(0).layer()).isEqualTo(new Conv2d(4, 5));
        assertThat(network.layers().get(2).layer()).isEqualTo(new Linear(2));
        assertThat(experiment.epochs()).isEqualTo(2);
        assertThat(experiment.callbacks()).containsExactly(new EarlyStopping(3, 0));
    }

    @Test
    void mistakes_in_replacements_name_the_option() {
        assertThat(mistakes("dataset: strokes", "optimizer.learningrate=1")).startsWith(
                "--set optimizer.learningrate: adam has no setting 'learningrate' (did you mean 'learningRate'?)");
        assertThat(mistakes("model: [relu]", "model.conv.stride=2")).isEqualTo(
                "--set model.conv.stride: the list has no item 'conv': give a position from 0 to 0, or a name");
        assertThatThrownBy(() -> Replacement.parse("--set", "epochs")).hasMessage(
                "'epochs' sets nothing: write KEY=VALUE, such as optimizer.learningRate=3e-4");
    }

    @Test
    void missing_file_is_said() {
        assertThatThrownBy(
                () -> ExperimentReader.read(Optional.of(folder.resolve("no.yaml")), List.of(), PARTS, OFFERS))
                        .isInstanceOf(CambiumException.class)
                        .hasMessageStartingWith("can't read " + folder.resolve("no.yaml"));
    }

    @Test
    void networks_within_networks_are_checked_where_they_stand() throws IOException {
        String yaml = """
                dataset: strokes
                model:
                  - {name: body, type: network, layers: [{type: conv2d, outChannels: 2, kernelSize: 3}, relu]}
                  - flatten
                  - {name: head, type: %s}
                """;
        assertThat(read(yaml.formatted("linear, outFeatures: 2")).model()).isInstanceOf(Network.class);
        assertThat(mistakes(yaml.formatted("conv2d, outChannels: 2, kernelSize: 3"))).startsWith(
                "my.yaml:5:5: network/head: conv2d: images [n, c, h, w] are wanted");
        assertThat(mistakes(yaml.formatted("linear, outFeatures: 2") + "seed: x")).isEqualTo(
                "my.yaml:6:7: experiment.seed is 'x', but must be a whole number");
    }

    @Test
    void dataset_of_the_command_line_is_what_shapes_are_checked_with() throws IOException {
        String yaml = """
                dataset: strokes
                model: [{type: conv2d, outChannels: 2, kernelSize: 3}]
                """;
        assertThat(read(yaml).model()).isInstanceOf(Network.class);
        assertThat(mistakes(yaml, "dataset=words")).startsWith("my.yaml:2:9: network/0: conv2d: images");
        assertThat(read("""
                dataset: words
                model: [flatten, {type: linear, outFeatures: 2}]
                """.replace("[flatten, ", "[one-hot, flatten, ")).model()).isInstanceOf(Network.class);
    }

    @Test
    void what_transforms_make_of_the_inputs_is_not_guessed() throws IOException {
        assertThat(read("""
                dataset: words
                transforms: [{type: scale, factor: 2}]
                model: [{type: conv2d, outChannels: 2, kernelSize: 3}]
                """).transforms()).hasSize(1);
    }

    @Test
    void mistake_that_is_found_on_two_ways_is_said_once() {
        assertThat(mistakes("""
                dataset: strokes
                model: [{name: a, type: relu}, {name: a, type: relu}]
                """)).isEqualTo("my.yaml:2:8: network: two layers are named 'a'");
    }

    @Test
    void alias_to_what_holds_it_is_refused() {
        assertThat(mistakes("model: &all [*all]")).isEqualTo("my.yaml:1:8: this holds itself, by an alias");
    }
}
