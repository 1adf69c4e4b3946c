package dev.cambium.app.experiment;

import java.util.List;
import java.util.Locale;

import dev.cambium.part.PartType;
import dev.cambium.part.PartType.Form;
import dev.cambium.part.PartType.SettingInfo;
import dev.cambium.part.Parts;

/** All parts with all settings, as a page in Markdown. */
public final class ReferencePage {
    private ReferencePage() {}

    /** An experiment itself, described as a part is. */
    public static PartType<?> experiment() {
        return ExperimentReader.EXPERIMENT;
    }

    /** The page, of an experiment's own settings and of every part of the catalogue. */
    public static String of(Parts parts) {
        var page = new StringBuilder(
                """
                        # Parts and their settings

                        Written by `cambium describe --markdown` from the records themselves. A part stands in an experiment file by its name, or
                        as a mapping of `type` and its settings; in a list of layers also with a `name`, `inputs` and `combine`.

                        ## experiment

                        """);
        settings(page, ExperimentReader.EXPERIMENT.settings());
        for (Kind kind : Kind.ALL) {
            page.append("\n## ").append(kind.title()).append('\n');
            for (PartType<?> type : parts.all(kind.type())) {
                page.append("\n### ").append(type.name()).append("\n\n").append(sentence(type.description()))
                        .append('\n');
                if (!type.settings().isEmpty()) {
                    page.append('\n');
                    settings(page, type.settings());
                }
            }
        }
        return page.toString();
    }

    private static String sentence(String description) {
        return Character.toUpperCase(description.charAt(0)) + description.substring(1)
                + (description.endsWith(".") ? "" : ".");
    }

    private static void settings(StringBuilder page, List<SettingInfo> settings) {
        page.append("| setting | value | default | meaning |\n| --- | --- | --- | --- |\n");
        settings.forEach(setting -> page.append("| `%s` | %s | %s | %s |\n".formatted(setting.name(),
                setting.expected(), defaultOf(setting), setting.doc())));
    }

    /** The default in words. */
    public static String defaultOf(SettingInfo setting) {
        if (setting.form() == Form.OPTIONAL) {
            return "none";
        }
        return setting.defaultValue().map(value -> value instanceof List<?> list && list.isEmpty() ? "none"
                : value instanceof Enum<?> constant ? constant.name().toLowerCase(Locale.ROOT)
                        : value.toString())
                .orElse("required");
    }
}
