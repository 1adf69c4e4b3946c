package dev.cambium.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.cambium.tensor.DType;
import dev.cambium.tensor.TensorType;
import org.junit.jupiter.api.Test;

import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;

class DataTest {
    @Test
    void a_batch_has_as_many_inputs_as_targets() {
        var batch = new Batch(NdArray.of(Shape.of(2, 3), new float[6]), NdArray.of(Shape.of(2), 0L, 1L));
        assertThat(batch.size()).isEqualTo(2);
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new Batch(NdArray.of(Shape.of(2, 3), new float[6]), NdArray.of(Shape.of(3), 0L, 1L, 2L)))
                .withMessage("a batch with inputs float32[2, 3] and targets int64[3]: first dimensions differ");
        assertThatIllegalArgumentException().isThrownBy(() -> new Batch(NdArray.scalar(1f), NdArray.scalar(1L)));
    }

    @Test
    void data_that_cannot_be_had_is_explained_source_by_source() {
        var attempts = new ArrayList<>(List.of(new DataUnavailableException.Attempt("/data", "no such folder"),
                new DataUnavailableException.Attempt("mirror.example", "timed out")));
        var exception = new DataUnavailableException("mnist", attempts, "Name a folder with --data.");
        attempts.clear();
        assertThat(exception).hasMessage("""
                dataset 'mnist' can't be had from any source:
                  /data: no such folder
                  mirror.example: timed out
                Name a folder with --data.""");
        assertThat(exception.attempts()).hasSize(2);
    }

    @Test
    void an_environment_is_changed_by_making_a_new_one() {
        DataEnvironment standard = DataEnvironment.standard();
        assertThat(standard.cache().getFileName()).hasToString("cambium");
        DataEnvironment changed = standard.withDirectory(Path.of("d"));
        assertThat(changed.directory()).isEqualTo(Optional.of(Path.of("d")));
        assertThat(changed.cache()).isEqualTo(standard.cache());
        DataProgress silent = DataProgress.silent();
        silent.note("ignored");
        silent.transferred("ignored", 0, -1);
        assertThat(changed.withProgress(silent).progress()).isSameAs(silent);
        assertThat(changed.withProgress(silent).directory()).isEqualTo(changed.directory());
    }

    @Test
    void the_cache_is_where_xdg_or_home_or_the_account_says() {
        Map<String, String> home = Map.of("HOME", "/h", "XDG_CACHE_HOME", " ");
        assertThat(DataEnvironment.of(home, "/account").cache()).isEqualTo(Path.of("/h/.cache/cambium"));
        Map<String, String> xdg = Map.of("HOME", "/h", "XDG_CACHE_HOME", "/x");
        assertThat(DataEnvironment.of(xdg, "/account").cache()).isEqualTo(Path.of("/x/cambium"));
        assertThat(DataEnvironment.of(Map.of(), "/account").cache()).isEqualTo(Path.of("/account/.cache/cambium"));
        assertThat(DataEnvironment.of(Map.of("CAMBIUM_DATA", "/d"), "/account").directory()).contains(Path.of("/d"));
    }

    @Test
    void examples_in_memory_are_picked_by_their_indices() {
        Examples examples = Examples.of(NdArray.of(Shape.of(3, 2), 1f, 2f, 3f, 4f, 5f, 6f),
                NdArray.of(Shape.of(3), 0L, 1L, 0L), List.of("a", "b"));
        assertThat(examples.size()).isEqualTo(3);
        assertThat(examples.inputType()).isEqualTo(new TensorType(DType.FLOAT32, Shape.of(2)));
        assertThat(examples.targetType()).isEqualTo(new TensorType(DType.INT64, Shape.scalar()));
        assertThat(examples.batch(0, 2, 0)).isEqualTo(new Batch(NdArray.of(Shape.of(2, 2), 5f, 6f, 1f, 2f),
                NdArray.of(Shape.of(2), 0L, 0L)));
        assertThatThrownBy(() -> examples.batch(0, 3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Examples.of(NdArray.of(Shape.of(1), 1f), NdArray.of(Shape.of(2), 1f, 2f), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
