package dev.cambium.models;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import dev.cambium.tensor.DType;
import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.TensorType;

/**
 * What PyTorch computed: outputs, and the gradients of Σ outputs · cotangents by inputs. The files are made by the program in
 * {@code src/test/golden}, whose README describes them.
 */
record GoldenCase(String name, JsonObject settings, SequencedMap<String, NdArray> inputs,
        SequencedMap<String, NdArray> outputs, SequencedMap<String, NdArray> cotangents,
        SequencedMap<String, NdArray> gradients) {

    /** What the names of cases end in that were computed in float32: they hold the infinities and NaNs of its range. */
    static final String FLOAT32_SUFFIX = "_float32";

    /** The cases of a file, such as {@code conv2d}. */
    static Stream<GoldenCase> all(String file) {
        var stream = Objects.requireNonNull(GoldenCase.class.getResourceAsStream("golden/" + file + ".json"));
        try (var reader = new InputStreamReader(stream, StandardCharsets.UTF_8)) {
            var cases = new ArrayList<GoldenCase>();
            for (JsonElement each : JsonParser.parseReader(reader).getAsJsonObject().getAsJsonArray("cases")) {
                JsonObject json = each.getAsJsonObject();
                cases.add(new GoldenCase(json.get("name").getAsString(), json.getAsJsonObject("settings"),
                        tensors(json, "inputs"), tensors(json, "outputs"), tensors(json, "cotangents"),
                        tensors(json, "gradients")));
            }
            return cases.stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isFloat32() {
        return name.endsWith(FLOAT32_SUFFIX);
    }

    /** The name without the suffix of its type. */
    String operation() {
        return isFloat32() ? name.substring(0, name.length() - FLOAT32_SUFFIX.length()) : name;
    }

    /** This case with some rows of all its arrays. */
    GoldenCase rows(int... rows) {
        return map(array -> rows(array, rows));
    }

    /** Some rows of an array, what stands at some indices of its first axis. */
    static NdArray rows(NdArray array, int... rows) {
        long bytes = array.segment().byteSize() / array.shape().dim(0);
        MemorySegment memory = Arena.ofAuto().allocate(bytes * rows.length);
        for (int i = 0; i < rows.length; i++) {
            memory.asSlice(i * bytes, bytes).copyFrom(array.segment().asSlice(rows[i] * bytes, bytes));
        }
        return NdArray.of(new TensorType(array.dtype(), array.shape().withDim(0, rows.length)), memory);
    }

    /** This case with its floating-point arrays, whose inputs are all exact in float32, converted to a type. */
    GoldenCase as(DType dtype) {
        return map(array -> convert(array, dtype));
    }

    /** A setting that is a list of two numbers, such as {@code stride}. */
    int[] pair(String setting) {
        JsonArray array = settings.getAsJsonArray(setting);
        return new int[] {array.get(0).getAsInt(), array.get(1).getAsInt()};
    }

    int[] ints(String setting) {
        return settings.getAsJsonArray(setting).asList().stream().mapToInt(JsonElement::getAsInt).toArray();
    }

    double number(String setting) {
        return settings.get(setting).getAsDouble();
    }

    boolean flag(String setting) {
        return settings.get(setting).getAsBoolean();
    }

    NdArray input(String input) {
        return Objects.requireNonNull(inputs.get(input));
    }

    NdArray output(String output) {
        return Objects.requireNonNull(outputs.get(output));
    }

    /** A floating-point array in another floating-point type; others stay. */
    static NdArray convert(NdArray array, DType dtype) {
        if (!array.dtype().isFloating() || array.dtype() == dtype) {
            return array;
        }
        return dtype == DType.FLOAT32 ? NdArray.of(array.shape(), array.toFloatArray())
                : NdArray.of(array.shape(), array.toDoubleArray());
    }

    private GoldenCase map(UnaryOperator<NdArray> change) {
        return new GoldenCase(name, settings, map(inputs, change), map(outputs, change), map(cotangents, change),
                map(gradients, change));
    }

    private static SequencedMap<String, NdArray> map(SequencedMap<String, NdArray> arrays,
            UnaryOperator<NdArray> change) {
        var changed = new LinkedHashMap<String, NdArray>();
        arrays.forEach((name, array) -> changed.put(name, change.apply(array)));
        return changed;
    }

    private static SequencedMap<String, NdArray> tensors(JsonObject json, String member) {
        var tensors = new LinkedHashMap<String, NdArray>();
        json.getAsJsonObject(member).asMap()
                .forEach((name, tensor) -> tensors.put(name, tensor(tensor.getAsJsonObject())));
        return tensors;
    }

    private static NdArray tensor(JsonObject json) {
        var type = new TensorType(DType.valueOf(json.get("dtype").getAsString().toUpperCase(Locale.ROOT)),
                Shape.of(json.getAsJsonArray("shape").asList().stream().mapToInt(JsonElement::getAsInt).toArray()));
        List<JsonElement> data = json.getAsJsonArray("data").asList();
        double[] numbers = data.stream().mapToDouble(JsonElement::getAsDouble).toArray(); // reads "NaN" as well
        return switch (type.dtype()) {
            case FLOAT64 -> NdArray.of(type.shape(), numbers);
            case FLOAT32 -> NdArray.of(type.shape(), NdArray.of(type.shape(), numbers).toFloatArray());
            case INT64 -> NdArray.of(type.shape(), data.stream().mapToLong(JsonElement::getAsLong).toArray());
            case BOOL -> {
                boolean[] flags = new boolean[numbers.length];
                for (int i = 0; i < flags.length; i++) {
                    flags[i] = numbers[i] != 0;
                }
                yield NdArray.of(type.shape(), flags);
            }
            case UINT8, INT32, FLOAT16, BFLOAT16 -> throw new IllegalArgumentException("no golden values of " + type);
        };
    }
}
