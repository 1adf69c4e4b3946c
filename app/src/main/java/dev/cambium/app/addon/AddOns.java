package dev.cambium.app.addon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

import dev.cambium.CambiumException;
import dev.cambium.app.addon.Offers.Offer;
import dev.cambium.app.run.FileProblem;

/**
 * Backends beside the distribution, each a folder of jars, which is loaded as a plugin is.
 *
 * @param folder
 *            holds the folders, by the backends' names; need not exist
 */
public record AddOns(Path folder) {
    /** Beside the jars: what was fetched, a line each. */
    private static final String COORDINATES = "coordinates.txt";

    /** Those of this process's user: {@code $XDG_DATA_HOME/cambium/backends} or {@code ~/.local/share/cambium/backends}. */
    public static AddOns ofUser() {
        return of(System.getenv(), System.getProperty("user.home"));
    }

    /** Java's own notion of the home folder comes from the account; {@code HOME}, where it is set, is what the user means. */
    static AddOns of(Map<String, String> environment, String accountHome) {
        Path home = setting(environment, "HOME").orElse(Path.of(accountHome));
        Path data = setting(environment, "XDG_DATA_HOME").orElse(home.resolve(".local/share"));
        return new AddOns(data.resolve("cambium/backends"));
    }

    private static Optional<Path> setting(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank()).map(Path::of);
    }

    /** The folder of one of them, whether it is there or not. */
    public Path folder(String name) {
        return folder.resolve(name);
    }

    /** The names of those that are there. */
    public List<String> names() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(Files::isDirectory).map(AddOns::name).filter(name -> !name.startsWith(".")).sorted()
                    .toList();
        } catch (IOException e) {
            throw new CambiumException("can't read the folder %s: %s".formatted(folder, FileProblem.of(e)), e);
        }
    }

    private static String name(Path file) {
        return Objects.requireNonNull(file.getFileName()).toString();
    }

    // ---- changing

    /** Whether a backend is there just as it is offered now. */
    public boolean holds(Offer offer) {
        Path place = folder(offer.name());
        try {
            if (!Files.exists(place.resolve(COORDINATES))
                    || !Files.readAllLines(place.resolve(COORDINATES)).equals(offer.coordinates())) {
                return false;
            }
            for (Path jar : offer.jars()) {
                Path installed = place.resolve(name(jar));
                if (!Files.exists(installed) || Files.mismatch(jar, installed) >= 0) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            throw new CambiumException("can't read what is in %s: %s".formatted(place, FileProblem.of(e)), e);
        }
    }

    /**
     * Puts a backend there, in place of an older one of its name; it is there whole or not at all.
     *
     * @param offer
     *            the backend
     * @param fetched
     *            the jars that it needs
     * @throws CambiumException
     *             if the folder can't be written
     */
    public void install(Offer offer, List<Path> fetched) {
        Path fresh = folder("." + offer.name() + ".new");
        try {
            Files.createDirectories(folder);
            delete(fresh);
            Files.createDirectory(fresh);
            for (Path jar : offer.jars()) {
                Files.copy(jar, fresh.resolve(name(jar)));
            }
            for (Path jar : fetched) {
                place(jar, fresh.resolve(name(jar)));
            }
            Files.write(fresh.resolve(COORDINATES), offer.coordinates());
            discard(offer.name());
            Files.move(fresh, folder(offer.name()), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new CambiumException("can't write %s: %s".formatted(folder(offer.name()), FileProblem.of(e)), e);
        }
    }

    /** A second name for a file takes no room, where the file system has such a thing. */
    private static void place(Path jar, Path target) throws IOException {
        try {
            Files.createLink(target, jar);
        } catch (IOException | UnsupportedOperationException _) {
            Files.copy(jar, target);
        }
    }

    /**
     * Takes one away.
     *
     * @throws CambiumException
     *             if it can't be deleted
     */
    public void remove(String name) {
        try {
            discard(name);
        } catch (IOException e) {
            throw new CambiumException("can't delete %s: %s".formatted(folder(name), FileProblem.of(e)), e);
        }
    }

    /** Renames first, so that what is half deleted is never loaded. */
    private void discard(String name) throws IOException {
        Path old = folder("." + name + ".old");
        delete(old);
        if (Files.exists(folder(name))) {
            Files.move(folder(name), old, StandardCopyOption.ATOMIC_MOVE);
            delete(old);
        }
    }

    private static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
