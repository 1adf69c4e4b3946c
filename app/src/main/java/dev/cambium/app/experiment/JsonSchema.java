package dev.cambium.app.experiment;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;

import dev.cambium.nn.Layer;
import dev.cambium.nn.NamedLayer;
import dev.cambium.part.PartType;
import dev.cambium.part.PartType.Form;
import dev.cambium.part.PartType.SettingInfo;
import dev.cambium.part.Parts;

/** What editors complete and check experiment files by: a JSON Schema, draft 2020-12, which holds for YAML too. */
public final class JsonSchema {
    private JsonSchema() {}

    /** The schema of experiments over the parts of a catalogue. */
    public static String of(Parts parts) {
        var schema = new JsonObject();
        schema.addProperty("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.addProperty("title", "A Cambium experiment");
        describe(schema, ExperimentReader.EXPERIMENT, Set.of());
        var definitions = new JsonObject();
        for (Kind kind : Kind.ALL) {
            definitions.add(kind.word(), kind(parts, kind, Set.of("type")));
            if (kind.type() == Layer.class) {
                definitions.add("named-layer", kind(parts, kind, NamedLayer.KEYS));
            }
        }
        schema.add("$defs", definitions);
        return new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(schema) + "\n";
    }

    private static JsonObject kind(Parts parts, Kind kind, Set<String> beside) {
        var choices = new JsonArray();
        for (PartType<?> type : parts.all(kind.type())) {
            if (type.settings().stream().noneMatch(setting -> setting.defaultValue().isEmpty())) {
                var name = new JsonObject();
                name.addProperty("const", type.name());
                name.addProperty("description", type.description());
                choices.add(name);
            }
            choices.add(describe(new JsonObject(), type, beside));
        }
        if (kind.type() == Layer.class) {
            choices.add(list(reference("named-layer")));
        }
        var any = new JsonObject();
        any.add("anyOf", choices);
        return any;
    }

    private static JsonObject describe(JsonObject schema, PartType<?> type, Set<String> beside) {
        schema.addProperty("description", type.description());
        schema.addProperty("type", "object");
        var required = new JsonArray();
        var properties = new JsonObject();
        if (beside.contains("type")) {
            properties.add("type", constant(type.name()));
            required.add("type");
        }
        if (beside.contains("inputs")) {
            properties.add("name", typed("string"));
            properties.add("inputs", list(typed("string")));
            properties.add("combine", strings(List.of("sum", "concat")));
        }
        for (SettingInfo setting : type.settings()) {
            properties.add(setting.name(), setting(setting));
            if (setting.defaultValue().isEmpty()) {
                required.add(setting.name());
            }
        }
        schema.add("properties", properties);
        if (!required.isEmpty()) {
            schema.add("required", required);
        }
        schema.addProperty("additionalProperties", false);
        return schema;
    }

    private static JsonObject setting(SettingInfo setting) {
        JsonObject schema = setting.form() == Form.LIST ? list(value(setting)) : value(setting);
        schema.addProperty("description", setting.doc());
        if (setting.form() == Form.ONE) {
            setting.defaultValue().ifPresent(value -> schema.add("default", json(value)));
        }
        return schema;
    }

    private static JsonObject value(SettingInfo setting) {
        Class<?> type = setting.type();
        if (type == NamedLayer.class) {
            return reference("named-layer");
        }
        if (setting.holdsParts()) {
            return reference(Parts.word(type));
        }
        if (type == boolean.class) {
            return typed("boolean");
        }
        if (type.isEnum()) {
            return strings(Stream.of(type.getEnumConstants()).map(each -> json(each).getAsString()).toList());
        }
        if (type == String.class) { // of a number in its place the text is taken
            var schema = new JsonObject();
            schema.add("type", array(List.of("string", "number")));
            return schema;
        }
        return type.isPrimitive() ? number(setting) : typed("string");
    }

    private static JsonObject number(SettingInfo setting) {
        Class<?> type = setting.type();
        JsonObject schema = typed(type == int.class || type == long.class ? "integer" : "number");
        if (Double.isFinite(setting.min())) {
            schema.add("minimum", json(setting.min()));
        }
        if (Double.isFinite(setting.max())) {
            schema.add("maximum", json(setting.max()));
        }
        return schema;
    }

    private static JsonObject typed(String type) {
        var schema = new JsonObject();
        schema.addProperty("type", type);
        return schema;
    }

    private static JsonObject constant(String value) {
        var schema = new JsonObject();
        schema.addProperty("const", value);
        return schema;
    }

    private static JsonObject strings(List<String> values) {
        var schema = new JsonObject();
        schema.add("enum", array(values));
        return schema;
    }

    private static JsonObject list(JsonObject item) {
        JsonObject schema = typed("array");
        schema.add("items", item);
        return schema;
    }

    private static JsonObject reference(String definition) {
        var schema = new JsonObject();
        schema.addProperty("$ref", "#/$defs/" + definition);
        return schema;
    }

    private static JsonArray array(List<String> values) {
        var array = new JsonArray();
        values.forEach(array::add);
        return array;
    }

    /** Whole numbers without a point. */
    private static JsonElement json(Object value) {
        return switch (value) {
            case Boolean truth -> new JsonPrimitive(truth);
            case Double number when number == Math.rint(number) && Math.abs(number) < 1e15 -> new JsonPrimitive(
                    number.longValue());
            case Number number -> new JsonPrimitive(number);
            case Enum<?> constant -> new JsonPrimitive(constant.name().toLowerCase(Locale.ROOT));
            default -> new JsonPrimitive(value.toString());
        };
    }
}
