package dev.cambium.app.wiring;

import java.util.Map;

/**
 * A part and what it was made from.
 *
 * @param <K>
 *            its kind, such as {@code Layer}
 * @param name
 *            its name in the catalogue
 * @param settings
 *            all of its settings, also those at their defaults
 * @param part
 *            the part
 */
public record ChosenPart<K>(String name, Map<String, Object> settings, K part) {}
