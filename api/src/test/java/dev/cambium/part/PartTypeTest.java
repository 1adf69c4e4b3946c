package dev.cambium.part;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import dev.cambium.CambiumException;

/** Also on the class path, where nothing opens packages to reflection. */
@Tag("classpath")
class PartTypeTest {
    /** With a text of its own, as some enums have. */
    public enum Mode {
        VALID, SAME_UPPER;

        @Override
        public String toString() {
            return "padding: " + name();
        }
    }

    @Part(name = "all-kinds", description = "One setting of each type.")
    public record AllKinds(@Setting(doc = "whole", defaultValue = "3", min = 1, max = 10) int size,
            @Setting(doc = "long", defaultValue = "9007199254740993") long seed,
            @Setting(doc = "single", defaultValue = "0.5", min = 0) float momentum,
            @Setting(doc = "double", defaultValue = "1e-3", max = 1) double learningRate,
            @Setting(doc = "truth", defaultValue = "true") boolean bias,
            @Setting(doc = "text", defaultValue = "") String label,
            @Setting(doc = "folder", defaultValue = "runs") Path folder,
            @Setting(doc = "choice", defaultValue = "valid") Mode padding) {}

    @Part(name = "linear", description = "A required setting.")
    public record Linear(@Setting(doc = "Outputs of each example.", min = 1) int outputs) {
        public Linear {
            if (outputs == 13) {
                throw new IllegalArgumentException("13 outputs bring bad luck");
            }
            if (outputs == 14) {
                throw new IllegalStateException("a defect");
            }
        }
    }

    private static final PartType<AllKinds> TYPE = PartType.of(AllKinds.class);
    private static final PartType<Linear> LINEAR = PartType.of(Linear.class);

    private static void refused(PartType<?> type, Map<String, ?> settings, String message) {
        assertThatThrownBy(() -> type.create(settings)).isInstanceOf(CambiumException.class).hasMessage(message);
    }

    @Test
    void a_type_is_read_from_its_record() {
        assertThat(TYPE.name()).isEqualTo("all-kinds");
        assertThat(TYPE.description()).isEqualTo("One setting of each type.");
        assertThat(TYPE.recordClass()).isEqualTo(AllKinds.class);
        assertThat(TYPE).hasToString("all-kinds: One setting of each type.");
        assertThat(TYPE.settings()).extracting(PartType.SettingInfo::name).containsExactly("size", "seed", "momentum",
                "learningRate", "bias", "label", "folder", "padding");
        PartType.SettingInfo outputs = LINEAR.settings().get(0);
        assertThat(outputs.type()).isEqualTo(int.class);
        assertThat(outputs.doc()).isEqualTo("Outputs of each example.");
        assertThat(outputs.defaultValue()).isEmpty();
        assertThat(outputs.min()).isEqualTo(1);
    }

    @Test
    void settings_that_are_not_given_take_their_defaults() {
        assertThat(TYPE.create()).isEqualTo(
                new AllKinds(3, 9007199254740993L, 0.5f, 1e-3, true, "", Path.of("runs"), Mode.VALID));
        assertThat(TYPE.settings().get(6).defaultValue()).contains(Path.of("runs"));
    }

    @Test
    void settings_are_given_as_values_or_as_text() {
        AllKinds wanted = new AllKinds(7, 5, 0.25f, 0.125, false, "a", Path.of("b"), Mode.SAME_UPPER);
        assertThat(TYPE.create(Map.of("size", 7, "seed", 5L, "momentum", 0.25f, "learningRate", 0.125, "bias", false,
                "label", "a", "folder", Path.of("b"), "padding", Mode.SAME_UPPER))).isEqualTo(wanted);
        assertThat(TYPE.create(Map.of("size", " 7 ", "seed", "5", "momentum", "0.25", "learningRate", "125e-3", "bias",
                "FALSE", "label", "a", "folder", "b", "padding", "same_upper"))).isEqualTo(wanted);
    }

    @Test
    void numbers_of_another_type_that_hold_the_same_value_are_taken() {
        assertThat(LINEAR.create(Map.of("outputs", 3.0)).outputs()).isEqualTo(3);
        assertThat(LINEAR.create(Map.of("outputs", 3L)).outputs()).isEqualTo(3);
        assertThat(LINEAR.create(Map.of("outputs", "1e3")).outputs()).isEqualTo(1000);
        assertThat(TYPE.create(Map.of("learningRate", 1)).learningRate()).isEqualTo(1);
        assertThat(TYPE.create(Map.of("seed", "9223372036854775807")).seed()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void numbers_must_be_whole_finite_and_of_the_settings_width() {
        refused(LINEAR, Map.of("outputs", 2.5), "linear.outputs is '2.5', but must be a whole number of 32 bits");
        refused(LINEAR, Map.of("outputs", "many"), "linear.outputs is 'many', but must be a whole number");
        refused(LINEAR, Map.of("outputs", 1L << 40),
                "linear.outputs is '1099511627776', but must be a whole number of 32 bits");
        refused(TYPE, Map.of("seed", "9223372036854775808"),
                "all-kinds.seed is '9223372036854775808', but must be a whole number of 64 bits");
        refused(TYPE, Map.of("learningRate", "fast"), "all-kinds.learningRate is 'fast', but must be a number");
        refused(TYPE, Map.of("learningRate", Double.NaN),
                "all-kinds.learningRate is 'NaN', but must be a number");
        refused(TYPE, Map.of("learningRate", "-Infinity"),
                "all-kinds.learningRate is '-Infinity', but must be a number");
        refused(TYPE, Map.of("learningRate", "-1e999"),
                "all-kinds.learningRate is '-1e999', but must be a number of at most 1");
        refused(TYPE, Map.of("momentum", 1e300), "all-kinds.momentum is '1.0E300', but must be a number of at least 0");
    }

    @Test
    void numbers_must_be_within_their_range() {
        refused(TYPE, Map.of("size", 0), "all-kinds.size is '0', but must be a number from 1 to 10");
        refused(TYPE, Map.of("size", 11), "all-kinds.size is '11', but must be a number from 1 to 10");
        refused(LINEAR, Map.of("outputs", -5), "linear.outputs is '-5', but must be a number of at least 1");
        refused(TYPE, Map.of("learningRate", 2), "all-kinds.learningRate is '2', but must be a number of at most 1");
        assertThat(TYPE.create(Map.of("size", 10)).size()).isEqualTo(10);
    }

    @Test
    void truth_and_choices_are_taken_by_name_alone() {
        refused(TYPE, Map.of("bias", "yes"), "all-kinds.bias is 'yes', but must be true or false");
        refused(TYPE, Map.of("padding", "valit"),
                "all-kinds.padding is 'valit', but must be one of valid, same_upper (did you mean 'valid'?)");
    }

    @Test
    void names_are_understood_in_every_language() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.of("tr"));
            assertThat(TYPE.create(Map.of("padding", "VALID", "bias", "FALSE")).padding()).isEqualTo(Mode.VALID);
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void an_unknown_setting_is_refused_with_a_suggestion() {
        refused(TYPE, Map.of("learningrate", 1),
                "all-kinds has no setting 'learningrate' (did you mean 'learningRate'?); it "
                        + "has size, seed, momentum, learningRate, bias, label, folder, padding");
        refused(PartType.of(Nothing.class), Map.of("x", 1), "nothing has no setting 'x'; it has none");
    }

    @Test
    void a_required_setting_is_asked_for_with_its_meaning() {
        refused(LINEAR, Map.of(), "linear needs the setting 'outputs': Outputs of each example.");
        var nothing = new HashMap<String, Object>();
        nothing.put("outputs", null);
        refused(LINEAR, nothing, "linear needs the setting 'outputs': Outputs of each example.");
    }

    @Test
    void what_the_record_refuses_is_a_users_mistake_and_other_failures_are_not() {
        refused(LINEAR, Map.of("outputs", 13), "linear: 13 outputs bring bad luck");
        assertThatThrownBy(() -> LINEAR.create(Map.of("outputs", 14))).isExactlyInstanceOf(IllegalStateException.class)
                .hasMessage("a defect");
    }

    @Test
    void settings_are_read_back_in_order() {
        AllKinds part = TYPE.create(Map.of("size", 7));
        Map<String, Object> settings = TYPE.settingsOf(part);
        assertThat(settings).containsExactlyEntriesOf(new LinkedHashMap<>(settings));
        assertThat(settings.keySet()).containsExactly("size", "seed", "momentum", "learningRate", "bias", "label",
                "folder",
                "padding");
        assertThat(TYPE.create(settings)).isEqualTo(part);
    }

    // ---- records that are no parts

    @Part(name = "nothing", description = "No settings.")
    public record Nothing() {}

    public record Bare(int x) {}

    @Part(name = "half", description = "A component without @Setting.")
    public record Half(int x) {}

    @Part(name = "hidden", description = "Not public.")
    record Hidden(@Setting(doc = "x") int x) {}

    @Part(name = "odd", description = "A type that settings can't have.")
    public record Odd(@Setting(doc = "x") Object x) {}

    @Part(name = "narrow", description = "A primitive that settings can't have.")
    public record Narrow(@Setting(doc = "x") short x) {}

    @Part(name = "wrong-default", description = "A default out of range.")
    public record WrongDefault(@Setting(doc = "x", defaultValue = "0", min = 1) int x) {}

    @Test
    void a_record_must_describe_itself_fully() {
        assertThatIllegalArgumentException().isThrownBy(() -> PartType.of(Bare.class))
                .withMessageEndingWith("PartTypeTest$Bare is not annotated with @Part");
        assertThatIllegalArgumentException().isThrownBy(() -> PartType.of(Half.class))
                .withMessageEndingWith("PartTypeTest$Half.x is not annotated with @Setting");
        assertThatIllegalArgumentException().isThrownBy(() -> PartType.of(Hidden.class))
                .withMessageEndingWith("PartTypeTest$Hidden must be a public record");
        assertThatIllegalArgumentException().isThrownBy(() -> PartType.of(Odd.class))
                .withMessageEndingWith("PartTypeTest$Odd.x: settings can't be of type java.lang.Object");
        assertThatIllegalArgumentException().isThrownBy(() -> PartType.of(Narrow.class))
                .withMessageEndingWith("PartTypeTest$Narrow.x: settings can't be of type short");
        assertThatIllegalArgumentException().isThrownBy(() -> PartType.of(WrongDefault.class))
                .withMessageEndingWith(
                        "PartTypeTest$WrongDefault: the default of wrong-default.x is '0', but must be a number "
                                + "of at least 1");
    }
}
