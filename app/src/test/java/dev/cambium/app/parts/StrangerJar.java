package dev.cambium.app.parts;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A jar with a backend that a stranger wrote, compiled on the spot.
 *
 * @param name
 *            of the backend
 * @param module
 *            of the jar, which is also its package
 * @param named
 *            whether the jar has a module descriptor
 * @param requires
 *            other modules that it needs
 * @param parent
 *            the class that the provider of parts extends
 * @param constructor
 *            what the backend's constructor does
 * @param open
 *            what opening the backend does
 */
public record StrangerJar(String name, String module, boolean named, List<String> requires, String parent,
        String constructor, String open) {
    /** A backend without faults, but that nothing can be computed with. */
    public static StrangerJar of(String name) {
        return new StrangerJar(name, "strange." + name, true, List.of(), "Object", "",
                "throw new dev.cambium.CambiumException(\"a stranger opens nothing\");");
    }

    /** This one in a module of another name. */
    public StrangerJar in(String module) {
        return new StrangerJar(name, module, named, requires, parent, constructor, open);
    }

    /** This one without a module descriptor. */
    public StrangerJar plain() {
        return new StrangerJar(name, module, false, requires, parent, constructor, open);
    }

    /** This one with a module that it needs. */
    public StrangerJar needing(String required) {
        return new StrangerJar(name, module, named, Stream.concat(requires.stream(), Stream.of(required)).toList(),
                parent, constructor, open);
    }

    /** This one with a provider that extends {@code Absent}, a class that the jar lacks. */
    public StrangerJar orphaned() {
        return new StrangerJar(name, module, named, requires, "Absent", constructor, open);
    }

    /** This one with something that its constructor does, such as {@code new Absent();}. */
    public StrangerJar constructed(String statements) {
        return new StrangerJar(name, module, named, requires, parent, statements, open);
    }

    /** This one with something that opening it does. */
    public StrangerJar opened(String statements) {
        return new StrangerJar(name, module, named, requires, parent, constructor, statements + open);
    }

    /**
     * Compiles it.
     *
     * @param workshop
     *            where sources and classes come to lie too
     * @param libraries
     *            what it is compiled against
     * @return the jar
     */
    public Path write(Path workshop, List<Path> libraries) throws IOException {
        SourceJar jar = SourceJar.of(module)
                .with("Absent.java", "package %s; class Absent {}".formatted(module))
                .with("Provider.java",
                        """
                                package %s;

                                import dev.cambium.part.*;
                                import java.util.*;

                                public class Provider extends %s implements PartProvider {
                                    public List<PartType<?>> parts() { return List.of(PartType.of(Stranger.class)); }
                                }
                                """.formatted(module, parent))
                .with("Stranger.java",
                        """
                                package %s;

                                import dev.cambium.backend.*;
                                import dev.cambium.part.*;
                                import java.util.*;

                                @Part(name = "%s", description = "a stranger's")
                                public record Stranger() implements BackendProvider {
                                    public Stranger { %s }
                                    public int priority() { return -1; }
                                    public int primitives() { return dev.cambium.tensor.Op.VERSION; }
                                    public Optional<String> unavailability() { return Optional.empty(); }
                                    public List<Device> devices() { return List.of(new Device("abacus", Device.Kind.CPU, "of wood")); }
                                    public Backend open() { %s }
                                }
                                """
                                .formatted(module, name, constructor, open))
                .with("META-INF/services/dev.cambium.part.PartProvider", module + ".Provider")
                .losing(module + ".Absent");
        if (named) {
            jar = jar.with("module-info.java",
                    "module %s { requires cambium.api; %s exports %1$s; provides dev.cambium.part.PartProvider with %1$s.Provider; }"
                            .formatted(module, requires.stream().map("requires %s;"::formatted)
                                    .collect(Collectors.joining(" "))));
        }
        return jar.write(workshop, libraries);
    }
}
