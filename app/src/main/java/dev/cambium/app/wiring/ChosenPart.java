package dev.cambium.app.wiring;

import java.util.Map;

import dev.cambium.part.PartType;
import dev.cambium.part.Parts;

/**
 * A part and what it was made from.
 *
 * @param <K>
 *            its kind, such as {@code Layer}
 * @param name
 *            its name in the catalogue
 * @param settings
 *            all of its settings, also those at their defaults, as {@link Parts#create} takes them
 * @param part
 *            the part
 */
public record ChosenPart<K>(String name, Map<String, Object> settings, K part) {
    /** A part that the catalogue made. */
    public static <K> ChosenPart<K> of(Parts parts, Class<K> kind, K part) {
        PartType<? extends K> type = parts.typeOf(kind, part)
                .orElseThrow(() -> new IllegalArgumentException(part + " comes from no provider"));
        return new ChosenPart<>(type.name(), settings(parts, type, part), part);
    }

    private static <K, P extends K> Map<String, Object> settings(Parts parts, PartType<P> type, K part) {
        return parts.settingsOf(type, type.recordClass().cast(part));
    }
}
