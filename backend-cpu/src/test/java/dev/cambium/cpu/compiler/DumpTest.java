package dev.cambium.cpu.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cambium.CambiumException;
import dev.cambium.cpu.kernels.Products;
import dev.cambium.tck.RandomGraph;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Gradients;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.LayerPath;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.TensorType;
import dev.cambium.tensor.Variable;
import dev.cambium.tensor.Window2d;

/** What is written of the stages of the compiler. */
class DumpTest {
    private static final List<String> STAGES = List.of("1-given", "2-simplified", "3-zeros", "4-fusion", "5-steps",
            "6-phases", "7-memory");
    private static final Variable FILTERS = new Variable("conv.\"weight\"",
            new TensorType(DType.FLOAT32, Shape.of(8, 16, 3, 3)), Variable.Role.PARAMETER);

    /** A statement of a .dot file, one a line: the names and labels are quoted, and quotes in them escaped. */
    private static final Pattern STATEMENT = Pattern.compile(
            """
                    (digraph Q \\{|subgraph Q \\{|label=Q;|\\}|node \\[.*\\];|Q \\[label=Q, fillcolor=Q\\];|Q -> Q \\[label=Q\\];)"""
                    .replace("Q", "\"(?:[^\"\\\\]|\\\\.)*\""));

    @TempDir
    private Path folder = Path.of("");

    /** A convolution that is trained by plain gradient descent. */
    private static Graph network() {
        Tensor images = Tensor.input("images", new TensorType(DType.FLOAT32, Shape.of(20, 16, 12, 12)));
        Tensor weight = FILTERS.read();
        Tensor loss = LayerPath.within("net/conv",
                () -> images.conv2d(weight, Window2d.square(3, 1), 1).relu().maxPool2d(2).mul(1).sum());
        SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
        outputs.put("loss", loss);
        SequencedMap<Variable, Tensor> updates = new LinkedHashMap<>();
        updates.put(FILTERS, weight.sub(Gradients.of(loss, List.of(weight)).getFirst().mul(0.1)));
        return new Graph(outputs, updates);
    }

    private static void compile(Graph graph, Path to) {
        Program.compile(graph, Stages.elements(graph), Products.best(), true, 2, Optional.of(Dump.to(to.toString())));
    }

    private String read(String file) throws IOException {
        return Files.readString(folder.resolve(file));
    }

    private static void assertSound(String dot) {
        assertThat(dot).startsWith("digraph ").endsWith("}\n");
        assertThat(dot.lines()).allSatisfy(line -> assertThat(line).matches(STATEMENT));
        assertThat(dot.lines().filter(line -> line.endsWith("{")).count())
                .isEqualTo(dot.lines().filter(line -> line.equals("}")).count());
    }

    @Test
    void each_stage_is_written_as_text_and_as_a_sound_graph() throws IOException {
        compile(network(), folder);
        try (Stream<Path> files = Files.list(folder.resolve("001"))) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrderElementsOf(
                    STAGES.stream().flatMap(stage -> Stream.of(stage + ".txt", stage + ".dot")).toList());
        }
        for (String stage : STAGES) {
            assertSound(read("001/" + stage + ".dot"));
            assertThat(read("001/" + stage + ".txt")).isNotBlank();
        }
    }

    @Test
    void stages_name_their_operations_steps_and_places() throws IOException {
        compile(network(), folder);
        assertThat(read("001/1-given.txt")).contains("conv2d ", "mul float32", "in net/conv", "loss → %");
        assertThat(read("001/1-given.dot")).contains("conv2d float32[20, 8, 10, 10]\\nnet/conv",
                "read_variable float32[8, 16, 3, 3] conv.\\\"weight\\\"", "update of conv.\\\"weight\\\"");
        assertThat(read("001/2-simplified.txt").lines()).hasSizeLessThan((int) read("001/1-given.txt").lines().count());
        assertThat(read("001/3-zeros.txt")).containsPattern("(?m)^o %\\d+ max_pool2d_gradient ")
                .containsPattern("(?m)^  %\\d+ conv2d ");
        assertThat(read("001/3-zeros.dot")).containsPattern("max_pool2d_gradient .*fillcolor=\"lightblue\"");
        assertThat(read("001/4-fusion.txt")).contains("together over [8, 16, 3, 3]\n")
                .containsPattern("  → %\\d+ sub float32");
        assertThat(read("001/4-fusion.dot")).contains("label=\"together over [8, 16, 3, 3]\";");
        assertThat(read("001/5-steps.txt"))
                .containsPattern("(?m)^conv2d .*\\[20, 8, 10, 10\\] by \\[800, 1, 80, 8\\].*   in net/conv$")
                .containsPattern("is written over %\\d+ conv.\"weight\"");
        assertThat(read("001/5-steps.dot")).contains("conv2d\\nnet/conv", "[20, 8, 10, 10] by [800, 1, 80, 8]");
        assertThat(read("001/6-phases.txt")).containsPattern("(?m)^1 chain over 20 samples by \\d+, 16 parts$")
                .containsPattern("(?m)^  conv2d ");
        assertThat(read("001/6-phases.dot")).containsPattern("label=\"1 chain over 20 samples");
        assertThat(read("001/7-memory.txt")).containsPattern("(?m)^%\\d+ images +float32 +46080 +arena +\\d+ +0–\\d+$")
                .containsPattern("conv.\"weight\" +float32 +1152 +variable +\\d+ +0–3\n");
        assertThat(read("001/7-memory.dot")).contains("46080 float32 in arena at ");
    }

    @Test
    void each_graph_gets_the_next_number() throws IOException {
        Files.createDirectory(folder.resolve("001"));
        Graph graph = Graph.of("y", Tensor.input("x", new TensorType(DType.FLOAT32, Shape.of(3))).exp());
        compile(graph, folder);
        compile(graph, folder);
        assertThat(folder.resolve("001")).isEmptyDirectory();
        assertThat(read("002/5-steps.txt")).isEqualTo(read("003/5-steps.txt")).startsWith("elementwise ");
    }

    @Test
    void any_graph_can_be_written() throws IOException {
        for (long seed = 0; seed < 30; seed++) {
            compile(new RandomGraph(seed).graph(), folder);
            for (String stage : STAGES) {
                assertSound(read("%03d/%s.dot".formatted(seed + 1, stage)));
            }
        }
    }

    @Test
    void folder_that_cannot_be_is_refused_with_the_reason() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "a file");
        assertThatThrownBy(() -> Dump.to(file.toString())).isInstanceOf(CambiumException.class)
                .hasMessage("can't make the folder %s: a file of this name is in the way; ".formatted(file)
                        + "CAMBIUM_DUMP must name a folder that can be written to, or be unset");
        assertThatThrownBy(() -> Dump.to(file.resolve("below").toString())).isInstanceOf(CambiumException.class)
                .hasMessageStartingWith("can't make the folder " + file.resolve("below") + ": ");
    }

    @Test
    void folder_that_went_away_is_named() throws IOException {
        Dump dump = Dump.to(folder.resolve("dump").toString());
        Files.delete(folder.resolve("dump"));
        assertThatThrownBy(dump::pages).isInstanceOf(CambiumException.class)
                .hasMessageStartingWith("can't make the folder " + folder.resolve("dump"));
    }
}
