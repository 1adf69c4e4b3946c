package dev.cambium.app.wiring;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

import dev.cambium.CambiumException;
import dev.cambium.app.run.RunSettings;
import dev.cambium.part.PartType;
import dev.cambium.part.Parts;

/**
 * A part as the user names it: {@code adam}, or with settings {@code sgd:momentum=0.9,nesterov=true}.
 *
 * @param name
 *            the part's name
 * @param settings
 *            the settings given with it, by name
 */
public record PartChoice(String name, Map<String, Object> settings) {
    /** The part with its defaults. */
    public PartChoice(String name) {
        this(name, Map.of());
    }

    /** The choice that was made in an earlier run. */
    public static PartChoice of(RunSettings.PartSettings part) {
        return new PartChoice(part.name(), part.settings());
    }

    /**
     * Reads a choice.
     *
     * @throws CambiumException
     *             if settings follow and are not like {@code name=value}
     */
    public static PartChoice parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            return new PartChoice(text);
        }
        var settings = new LinkedHashMap<String, Object>();
        for (String setting : text.substring(colon + 1).split(",", -1)) {
            int equals = setting.indexOf('=');
            if (equals < 1) {
                throw new CambiumException(
                        "'%s' is no setting: write %s:NAME=VALUE,…".formatted(setting, text.substring(0, colon)));
            }
            settings.put(setting.substring(0, equals), setting.substring(equals + 1));
        }
        return new PartChoice(text.substring(0, colon), settings);
    }

    /**
     * This choice with a setting that comes from an option of its own, if the part has such a setting and none was given.
     */
    public PartChoice withDefault(Parts parts, Class<?> kind, String setting, Object value) {
        boolean known = parts.all(kind).stream().filter(type -> type.name().equals(name))
                .anyMatch(type -> type.settings().stream().anyMatch(info -> info.name().equals(setting)));
        var all = new LinkedHashMap<>(settings);
        if (known) {
            all.putIfAbsent(setting, value);
        }
        return new PartChoice(name, all);
    }

    /**
     * Makes the part.
     *
     * @throws CambiumException
     *             if there is no such part of this kind (with a suggestion), or a setting does not suit it
     */
    public <K> ChosenPart<K> create(Parts parts, Class<K> kind) {
        return create(parts.find(kind, name));
    }

    private <K, P extends K> ChosenPart<K> create(PartType<P> type) {
        P part = type.create(settings);
        return new ChosenPart<>(name, type.settingsOf(part), part);
    }

    /** As the user would write it. */
    @Override
    public String toString() {
        return settings.isEmpty() ? name
                : settings.entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue())
                        .collect(Collectors.joining(",", name + ":", ""));
    }
}
