package dev.cambium.app.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.cambium.app.parts.TinyParts;
import dev.cambium.models.StockParts;
import dev.cambium.part.Part;
import dev.cambium.part.PartType;
import dev.cambium.part.Parts;
import dev.cambium.part.Setting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The reference page and the schema, compared with the records that they come from. */
class ReferenceTest {
    /** Stock parts and, as a stranger's plugin would bring them, those of the tests. */
    private static final Parts PARTS = Parts.of(List.of(new StockParts(), new TinyParts()));
    private static final String PAGE = ReferencePage.of(PARTS);
    private static final JsonObject SCHEMA = JsonParser.parseString(JsonSchema.of(PARTS)).getAsJsonObject();

    static List<Class<?>> records() {
        return PARTS.entries().stream().<Class<?>>map(entry -> entry.type().recordClass()).toList();
    }

    @ParameterizedTest
    @MethodSource("records")
    void page_has_every_setting_with_default_and_meaning(Class<?> record) {
        Part part = record.getAnnotation(Part.class);
        assertThat(PAGE).contains("\n### " + part.name() + "\n");
        String section = PAGE.substring(PAGE.indexOf("\n### " + part.name() + "\n"));
        int next = section.indexOf("\n##", 3);
        section = next < 0 ? section : section.substring(0, next);
        for (RecordComponent component : record.getRecordComponents()) {
            Setting setting = component.getAnnotation(Setting.class);
            assertThat(section).containsPattern("\\| `" + component.getName() + "` \\| [^|]+ \\| [^|]+ \\| "
                    + Pattern.quote(setting.doc()) + " \\|");
        }
    }

    @ParameterizedTest
    @MethodSource("records")
    void schema_has_every_setting_with_type_range_default_and_meaning(Class<?> record) {
        Part part = record.getAnnotation(Part.class);
        JsonObject properties = definition(part.name());
        assertThat(properties.keySet()).contains("type")
                .containsAll(Arrays.stream(record.getRecordComponents()).map(RecordComponent::getName).toList());
        for (RecordComponent component : record.getRecordComponents()) {
            Setting setting = component.getAnnotation(Setting.class);
            JsonObject property = properties.getAsJsonObject(component.getName());
            assertThat(property.get("description").getAsString()).isEqualTo(setting.doc());
            if (Double.isFinite(setting.min())) {
                assertThat(property.get("minimum").getAsDouble()).isEqualTo(setting.min());
            }
            if (Double.isFinite(setting.max())) {
                assertThat(property.get("maximum").getAsDouble()).isEqualTo(setting.max());
            }
            if (component.getType() == int.class || component.getType() == long.class) {
                assertThat(property.get("type").getAsString()).isEqualTo("integer");
            }
            if (component.getType() == double.class && !setting.defaultValue().equals(Setting.REQUIRED)) {
                assertThat(property.get("default").getAsDouble())
                        .isEqualTo(Double.parseDouble(setting.defaultValue()));
            }
        }
    }

    private static JsonObject definition(String name) {
        for (JsonElement kind : SCHEMA.getAsJsonObject("$defs").asMap().values()) {
            for (JsonElement choice : kind.getAsJsonObject().getAsJsonArray("anyOf")) {
                JsonObject properties = choice.getAsJsonObject().getAsJsonObject("properties");
                if (properties != null
                        && properties.getAsJsonObject("type").get("const").getAsString().equals(name)) {
                    return properties;
                }
            }
        }
        throw new AssertionError("no definition of " + name);
    }

    @Test
    void keys_of_an_experiment_are_those_of_its_record() {
        assertThat(SCHEMA.getAsJsonObject("properties").keySet()).containsExactlyElementsOf(
                Arrays.stream(Experiment.class.getRecordComponents()).map(RecordComponent::getName).toList());
    }

    /** What stands in {@code docs/} is of the stock parts; {@code -Dreference.write} writes it anew. */
    @Test
    void committed_page_and_schema_are_of_today() throws IOException {
        Parts stock = Parts.discover();
        assertThat(stock.entries()).extracting(entry -> entry.type()).extracting(PartType::name).contains("mnist");
        compare(Path.of("../docs/reference.md"), ReferencePage.of(stock));
        compare(Path.of("../docs/experiment.schema.json"), JsonSchema.of(stock));
    }

    private static void compare(Path file, String wanted) throws IOException {
        if (Boolean.getBoolean("reference.write")) {
            Files.writeString(file, wanted);
        }
        assertThat(file).as("mvn test -pl app -am -Dtest=ReferenceTest -Dreference.write=true writes it anew")
                .hasContent(wanted);
    }
}
