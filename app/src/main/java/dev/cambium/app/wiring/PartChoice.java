package dev.cambium.app.wiring;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

import dev.cambium.CambiumException;
import dev.cambium.app.run.RunSettings;
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

    /** The choice of a part that was made already. */
    public static PartChoice of(ChosenPart<?> part) {
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
     * Makes the part.
     *
     * @throws CambiumException
     *             if there is no such part of this kind (with a suggestion), or a setting does not suit it
     */
    public <K> ChosenPart<K> create(Parts parts, Class<K> kind) {
        return ChosenPart.of(parts, kind, parts.create(kind, name, settings));
    }

    /** As an experiment file has it. */
    public String yaml() {
        var all = new LinkedHashMap<String, Object>();
        all.put("type", name);
        all.putAll(settings);
        return all.entrySet().stream().map(entry -> quoted(entry.getKey()) + ": " + quoted(entry.getValue().toString()))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /** As the user would write it. */
    @Override
    public String toString() {
        return settings.isEmpty() ? name
                : settings.entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue())
                        .collect(Collectors.joining(",", name + ":", ""));
    }
}
