package dev.cambium.datasets;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import dev.cambium.data.Dataset;
import dev.cambium.part.PartType;
import dev.cambium.part.Parts;

@Tag("classpath")
class StockDatasetsTest {
    @Test
    void the_three_datasets_are_found_as_any_plugins_would_be() {
        Parts parts = Parts.discover();
        assertThat(parts.refusals()).isEmpty();
        assertThat(parts.all(Dataset.class)).extracting(PartType::name).containsExactly("mnist", "fashion-mnist",
                "synthetic-digits");
    }

    @Test
    void defaults_make_every_dataset() {
        Parts parts = Parts.discover();
        assertThat(parts.find(Dataset.class, "mnist").create()).isEqualTo(new Mnist());
        assertThat(parts.find(Dataset.class, "fashion-mnist").create()).isEqualTo(new FashionMnist());
        assertThat(parts.find(Dataset.class, "synthetic-digits").create())
                .isEqualTo(new SyntheticDigits(0, 60_000, 10_000));
    }
}
