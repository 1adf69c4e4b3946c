package dev.cambium.app.command;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

import dev.cambium.CambiumException;
import dev.cambium.app.addon.AddOns;
import dev.cambium.app.addon.Offers;
import dev.cambium.app.addon.Offers.Offer;
import dev.cambium.app.terminal.Terminal;
import dev.cambium.app.terminal.TransferProgress;
import dev.cambium.app.wiring.Platform;
import dev.cambium.part.Suggestion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "add", mixinStandardHelpOptions = true,
        description = {"Adds a backend that is too large to come with the program, for this platform only.",
                "What it needs is fetched as Maven would: by its settings.xml (mirrors, proxies, credentials), through its local "
                        + "repository, with checksums verified. An interrupted download goes on when asked again."})
final class AddBackendCommand implements Runnable {
    private final Supplier<Platform> platform;

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Parameters(paramLabel = "NAME", description = "The backend, such as tensorflow.")
    private String name = "";

    @Option(names = "--gpu", description = "The build for graphics cards, which is larger.")
    private boolean gpu;

    AddBackendCommand(Supplier<Platform> platform) {
        this.platform = platform;
    }

    @Override
    public void run() {
        Platform chosen = platform.get();
        Terminal terminal = chosen.terminal();
        AddOns addOns = chosen.addOns();
        Offers offers = chosen.offers();
        List<String> names = offers.names();
        if (names.isEmpty()) {
            throw new CambiumException(
                    "nothing can be added here: this program does not run from a distribution, which has a folder 'optional'");
        }
        if (!names.contains(name)) {
            throw new ParameterException(command.commandLine(), "unknown backend '%s'%s; there can be added: %s"
                    .formatted(name, Suggestion.of(name, names), String.join(", ", names)));
        }
        Offer offer = offers.offer(name, gpu, Offers.platform());
        if (addOns.holds(offer)) {
            terminal.line("%s is already there, in %s".formatted(name, addOns.folder(name)));
            return;
        }
        var progress = new TransferProgress(terminal);
        Path unfinished = chosen.data().cache().resolve("downloads");
        List<Path> fetched;
        try {
            fetched = offers.source().fetch(offer.coordinates(), unfinished, progress);
        } finally {
            progress.end();
        }
        addOns.install(offer, fetched);
        terminal.line("%s was added in %s; '--backend %s' chooses it, 'cambium backends' lists it".formatted(name,
                addOns.folder(name), name));
    }
}
