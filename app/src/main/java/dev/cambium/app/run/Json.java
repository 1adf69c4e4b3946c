package dev.cambium.app.run;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.ToNumberPolicy;

/** Records as JSON, {@code batchSize} as {@code batch_size}; whole numbers of settings stay whole numbers. */
final class Json {
    private static final Gson LINES = new GsonBuilder()
            .setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES)
            .setObjectToNumberStrategy(ToNumberPolicy.LONG_OR_DOUBLE).disableHtmlEscaping().create();
    private static final Gson PRETTY = LINES.newBuilder().setPrettyPrinting().create();

    private Json() {}

    /** A record on one line. */
    static String line(Record value) {
        return LINES.toJson(value);
    }

    /** A record over several lines. */
    static String pretty(Record value) {
        return PRETTY.toJson(value);
    }

    /**
     * Reads a record.
     *
     * @throws RuntimeException
     *             if the text is no JSON, or not of this record
     */
    static <T extends Record> T read(String text, Class<T> type) {
        T value = LINES.fromJson(text, type);
        if (value == null) {
            throw new IllegalArgumentException("it is empty");
        }
        return value;
    }
}
