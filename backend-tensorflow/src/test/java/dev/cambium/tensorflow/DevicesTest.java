package dev.cambium.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;

import dev.cambium.CambiumException;
import dev.cambium.backend.Device;

class DevicesTest {
    private static final Device CPU = new Device("cpu", Device.Kind.CPU, "2 threads");
    private static final Device FIRST = new Device("gpu:0", Device.Kind.GPU, "first card");
    private static final Device SECOND = new Device("gpu:1", Device.Kind.GPU, "second card");

    private final Devices processor = devices(false, "linux-x86_64");
    private final Devices cards = devices(true, "linux-x86_64-gpu");

    private static Devices devices(boolean driver, String... natives) {
        return new Devices(new Installation("linux-x86_64", Set.of(natives), driver));
    }

    @Test
    void comes_before_the_pure_java_backend_only_where_there_is_a_graphics_card() {
        assertThat(processor.priority()).isEqualTo(-10);
        assertThat(devices(true, "linux-x86_64").priority()).isEqualTo(-10);
        assertThat(devices(false, "linux-x86_64-gpu").priority()).isEqualTo(-10);
        assertThat(cards.priority()).isEqualTo(10);
    }

    @Test
    void lists_the_processor_without_loading_tensorflow() {
        assertThat(processor.list()).extracting(Device::id).containsExactly("cpu");
    }

    @Test
    void chooses_a_card_if_there_is_one() {
        assertThat(processor.choose("auto", List.of(CPU))).isEqualTo(CPU);
        assertThat(cards.choose("auto", List.of(CPU, FIRST, SECOND))).isEqualTo(FIRST);
        assertThat(cards.choose("gpu", List.of(CPU, FIRST, SECOND))).isEqualTo(FIRST);
        assertThat(cards.choose("gpu:1", List.of(CPU, FIRST, SECOND))).isEqualTo(SECOND);
        assertThat(cards.choose("cpu", List.of(CPU, FIRST, SECOND))).isEqualTo(CPU);
        assertThat(cards.choose("cpu:0", List.of(CPU, FIRST, SECOND))).isEqualTo(CPU);
    }

    @Test
    void a_device_that_is_not_there_is_answered_with_those_that_are() {
        assertThatThrownBy(() -> cards.choose("gpu:2", List.of(CPU, FIRST, SECOND)))
                .isInstanceOf(CambiumException.class)
                .hasMessage("backend 'tensorflow' has no device 'gpu:2';"
                        + " its devices are cpu (2 threads), gpu:0 (first card), gpu:1 (second card)");
    }

    @Test
    void a_card_where_there_is_none_is_answered_with_what_is_missing() {
        assertThatThrownBy(() -> processor.choose("gpu:1", List.of(CPU))).isInstanceOf(CambiumException.class)
                .hasMessageStartingWith("backend 'tensorflow' has no device 'gpu:1': the libraries of TensorFlow");
    }

    @Test
    void there_are_none_without_native_libraries() {
        Devices nothing = devices(false);
        assertThat(nothing.installation().unavailability().orElseThrow()).startsWith("TensorFlow's native libraries");
        assertThat(nothing.list()).isEmpty();
    }
}
