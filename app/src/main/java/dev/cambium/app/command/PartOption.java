package dev.cambium.app.command;

import dev.cambium.CambiumException;
import dev.cambium.app.wiring.ChosenPart;
import dev.cambium.app.wiring.PartChoice;
import dev.cambium.part.Parts;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Options that name a part. */
final class PartOption {
    /** How help texts say what may be written. */
    static final String LABEL = "PART";

    private PartOption() {}

    /**
     * Makes the part that an option names.
     *
     * @throws ParameterException
     *             if there is no such part, or a setting does not suit it
     */
    static <K> ChosenPart<K> create(CommandSpec command, String option, PartChoice choice, Parts parts, Class<K> kind) {
        try {
            return choice.create(parts, kind);
        } catch (CambiumException e) {
            throw new ParameterException(command.commandLine(),
                    "Invalid value for option '%s': %s".formatted(option, e.getMessage()), e);
        }
    }
}
