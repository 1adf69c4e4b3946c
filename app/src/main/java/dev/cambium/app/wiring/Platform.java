package dev.cambium.app.wiring;

import java.nio.file.Path;

import dev.cambium.app.addon.AddOns;
import dev.cambium.app.addon.Offers;
import dev.cambium.app.terminal.Terminal;
import dev.cambium.data.DataEnvironment;
import dev.cambium.part.Parts;

/**
 * What every command works with.
 *
 * @param terminal
 *            where its output goes
 * @param parts
 *            the catalogue of parts
 * @param data
 *            where datasets are looked for
 * @param runs
 *            the folder of all runs
 * @param addOns
 *            the backends beside the distribution
 * @param offers
 *            the backends that can be added
 */
public record Platform(Terminal terminal, Parts parts, DataEnvironment data, Path runs, AddOns addOns, Offers offers) {
    /** That of this process: what is on its class path or module path, its terminal, {@code runs} in its working folder. */
    public static Platform standard() {
        return new Platform(Terminal.detect(), Parts.discover(), DataEnvironment.standard(), Path.of("runs"),
                AddOns.ofUser(), Offers.ofDistribution());
    }

    /** This platform with a folder to look for data in. */
    public Platform withData(Path folder) {
        return new Platform(terminal, parts, data.withDirectory(folder), runs, addOns, offers);
    }

    /** This platform with a catalogue of more parts. */
    public Platform withParts(Parts more) {
        return new Platform(terminal, more, data, runs, addOns, offers);
    }
}
