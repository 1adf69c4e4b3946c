package dev.cambium.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import org.junit.jupiter.api.DynamicTest;

import dev.cambium.data.Batch;
import dev.cambium.data.DataEnvironment;
import dev.cambium.data.Dataset;
import dev.cambium.data.Examples;
import dev.cambium.data.Splits;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.TensorType;

/** What a dataset promises, tried with the first examples of both splits. */
final class DatasetChecks {
    private static final int EXAMPLES = 64;

    private DatasetChecks() {}

    static void add(String name, Supplier<Dataset> dataset, DataEnvironment environment, List<DynamicTest> tests) {
        tests.add(dynamicTest(name + " has batches of the types that it says", () -> {
            Dataset made = dataset.get();
            forEachSplit(made, environment, examples -> {
                made.inputType().ifPresent(type -> assertThat(examples.inputType())
                        .as("the type of an input, against what the dataset says before loading").isEqualTo(type));
                int[] some = first(examples);
                Batch batch = examples.batch(0, some);
                assertThat(batch.inputs().type()).as("the inputs' type").isEqualTo(stacked(examples.inputType(), some));
                assertThat(batch.targets().type()).as("the targets' type")
                        .isEqualTo(stacked(examples.targetType(), some));
            });
        }));
        tests.add(dynamicTest(name + " gives the same examples twice, in any order",
                () -> forEachSplit(dataset.get(), environment, examples -> {
                    int[] some = first(examples);
                    Batch batch = examples.batch(1, some);
                    assertThat(examples.batch(1, some)).as("the same batch again").isEqualTo(batch);
                    int last = some.length - 1;
                    assertThat(examples.batch(1, last).inputs().toDoubleArray()).as("example %d alone", last)
                            .isEqualTo(lastOf(batch.inputs()));
                })));
        tests.add(dynamicTest(name + " has labels that are classes",
                () -> forEachSplit(dataset.get(), environment, examples -> {
                    int classes = examples.classNames().size();
                    if (classes > 0) {
                        assertThat(LongStream.of(examples.batch(0, first(examples)).targets().toLongArray()))
                                .as("the labels")
                                .allMatch(label -> label >= 0 && label < classes);
                    }
                })));
    }

    private static void forEachSplit(Dataset dataset, DataEnvironment environment, Consumer<Examples> check) {
        Splits splits = dataset.load(environment);
        Map.of("train", splits.train(), "test", splits.test()).forEach((name, examples) -> {
            assertThat(examples.size()).as("the number of examples to %s", name).isPositive();
            check.accept(examples);
        });
    }

    private static int[] first(Examples examples) {
        return IntStream.range(0, Math.min(EXAMPLES, examples.size())).toArray();
    }

    private static TensorType stacked(TensorType type, int... indices) {
        return new TensorType(type.dtype(), type.shape().prepend(indices.length));
    }

    private static double[] lastOf(NdArray stacked) {
        double[] all = stacked.toDoubleArray();
        int size = all.length / stacked.shape().dim(0);
        return Arrays.copyOfRange(all, all.length - size, all.length);
    }
}
