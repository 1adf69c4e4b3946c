package dev.cambium.app.plugin;

import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.FindException;
import java.lang.module.ModuleFinder;
import java.lang.module.ResolutionException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.cambium.CambiumException;
import dev.cambium.app.run.FileProblem;
import dev.cambium.part.PartProvider;
import dev.cambium.part.PartType;
import dev.cambium.part.Parts;
import dev.cambium.part.Parts.Refusal;

/** One loading of plugins: those that others need come first, and each becomes a layer of modules or, without modules, a loader. */
final class PluginLoading {
    /** What a plugin has become; without modules the layer is the program's. */
    private record Loaded(ModuleLayer layer, ClassLoader loader) {}

    private final String platform;
    private final boolean modular = PluginLoading.class.getModule().isNamed();
    private final List<PluginFiles> plugins = new ArrayList<>();
    private final SequencedMap<PluginFiles, Loaded> loaded = new LinkedHashMap<>();
    private final SequencedMap<Path, String> refused = new LinkedHashMap<>();
    /** All loaders of layers in one line of parents, since along such services are looked for. */
    private ClassLoader services = Thread.currentThread().getContextClassLoader();

    /**
     * A loading.
     *
     * @param platform
     *            the version of this platform
     */
    PluginLoading(String platform) {
        this.platform = platform;
    }

    /** Loads what lies at these places, and adds it to the parts that there are. */
    Parts load(List<Path> places, Parts parts) {
        for (Path place : places) {
            try {
                plugins.add(PluginFiles.read(place, platform));
            } catch (IOException | RuntimeException e) {
                refused.put(place, reason(e));
            }
        }
        plugins.forEach(plugin -> load(plugin, new LinkedHashSet<>()));
        Thread.currentThread().setContextClassLoader(modular ? services
                : new PluginClassPath(new URL[0], services, loaders(loaded.values())));
        Parts all = parts;
        for (var each : loaded.entrySet()) {
            Path place = each.getKey().place();
            try {
                all = all.with(place.toString(), offered(each.getKey(), each.getValue().loader()));
            } catch (ReflectiveOperationException | RuntimeException | LinkageError | AssertionError e) {
                refused.put(place, reason(e));
            }
        }
        return all.refusing(
                refused.entrySet().stream().map(each -> new Refusal(each.getKey().toString(), each.getValue()))
                        .toList());
    }

    // ---- what needs what

    private Optional<Loaded> load(PluginFiles plugin, SequencedSet<PluginFiles> waiting) {
        if (!loaded.containsKey(plugin) && !refused.containsKey(plugin.place())) {
            try {
                if (waiting.contains(plugin)) {
                    refuseCycle(waiting.stream().dropWhile(each -> !each.equals(plugin)).toList());
                } else {
                    waiting.add(plugin);
                    List<Loaded> needed = needed(plugin, waiting);
                    waiting.remove(plugin);
                    loaded.put(plugin, modular ? layer(plugin, needed) : classPath(plugin, needed));
                }
            } catch (IOException | RuntimeException e) {
                waiting.remove(plugin);
                refused.putIfAbsent(plugin.place(), reason(e));
            }
        }
        return Optional.ofNullable(loaded.get(plugin));
    }

    private List<Loaded> needed(PluginFiles plugin, SequencedSet<PluginFiles> waiting) {
        var needed = new ArrayList<Loaded>();
        for (String module : plugin.needs()) {
            List<PluginFiles> having = plugins.stream().filter(each -> each.modules().containsKey(module)).toList();
            if (having.size() > 1) {
                throw new CambiumException(
                        "it needs module %s, which is in each of %s; keep one of them, or put a copy of that module into a folder with this plugin"
                                .formatted(module, places(having, ", ")));
            }
            if (having.isEmpty()) {
                if (!modular) {
                    continue; // the class path may have its classes; whether it has shows when they are loaded
                }
                throw new CambiumException(
                        "it needs module %s, which is nowhere; put the jar of that module and this plugin's into a folder of their own here"
                                .formatted(module));
            }
            PluginFiles other = having.getFirst();
            needed.add(load(other, waiting).orElseThrow(() -> new CambiumException(
                    "it needs module %s of %s, which was refused, too; put that right first".formatted(module,
                            other.place()))));
        }
        return needed;
    }

    private void refuseCycle(List<PluginFiles> cycle) {
        String circle = "%s → %s".formatted(places(cycle, " → "), cycle.getFirst().place());
        cycle.forEach(each -> refused.put(each.place(),
                "it is in a circle of plugins that need each other: %s; put all of them into one folder"
                        .formatted(circle)));
    }

    private static String places(List<PluginFiles> plugins, String separator) {
        return plugins.stream().map(each -> each.place().toString()).collect(Collectors.joining(separator));
    }

    // ---- loading one

    @SuppressWarnings("restricted") // the user has put it there to compute with, which native libraries may do
    private Loaded layer(PluginFiles plugin, List<Loaded> needed) {
        List<ModuleLayer> parents = Stream
                .concat(Stream.of(ModuleLayer.boot()), needed.stream().map(Loaded::layer)).distinct().toList();
        // Its own libraries come before those of the program: they are the versions that it was made with.
        Configuration modules = Configuration.resolve(plugin.finder(),
                parents.stream().map(ModuleLayer::configuration).toList(), ModuleFinder.of(),
                plugin.modules().keySet());
        ModuleLayer.Controller controller = ModuleLayer.defineModulesWithOneLoader(modules, parents, services);
        ModuleLayer layer = controller.layer();
        layer.modules().forEach(controller::enableNativeAccess);
        services = layer.modules().iterator().next().getClassLoader();
        for (String provider : plugin.providers()) {
            String container = provider.substring(0, provider.lastIndexOf('.'));
            layer.modules().stream().filter(module -> module.getPackages().contains(container))
                    .forEach(module -> controller.addOpens(module, container, PluginLoading.class.getModule()));
        }
        return new Loaded(layer, services);
    }

    private static Loaded classPath(PluginFiles plugin, List<Loaded> needed) throws MalformedURLException {
        var jars = new URL[plugin.jars().size()];
        for (int i = 0; i < jars.length; i++) {
            jars[i] = plugin.jars().get(i).toUri().toURL();
        }
        return new Loaded(ModuleLayer.boot(),
                new PluginClassPath(jars, PluginLoading.class.getClassLoader(), loaders(needed)));
    }

    private static List<PluginClassPath> loaders(Iterable<Loaded> plugins) {
        var loaders = new ArrayList<PluginClassPath>();
        plugins.forEach(each -> loaders.add((PluginClassPath) each.loader()));
        return loaders;
    }

    private static List<PartType<?>> offered(PluginFiles plugin, ClassLoader loader)
            throws ReflectiveOperationException {
        var types = new ArrayList<PartType<?>>();
        for (String provider : plugin.providers()) {
            types.addAll(provider(Class.forName(provider, true, loader)).parts());
        }
        return types;
    }

    /** By the rules of {@link java.util.ServiceLoader}, which would look into the layers of others, too. */
    private static PartProvider provider(Class<?> type) throws ReflectiveOperationException {
        Optional<Method> method = Stream.of(type.getMethods()).filter(each -> each.getName().equals("provider")
                && each.getParameterCount() == 0 && Modifier.isStatic(each.getModifiers())).findFirst();
        return (PartProvider) (method.isPresent() ? method.get().invoke(null)
                : type.getConstructor().newInstance());
    }

    // ---- why not

    private static String reason(Throwable failure) {
        return switch (failure) {
            case CambiumException e -> Objects.requireNonNull(e.getMessage());
            case IOException e ->
                    "it is no jar that can be read (%s); download or build it again".formatted(FileProblem.of(e));
            case FindException e when e.getCause() != null ->
                    "%s (%s)".formatted(e.getMessage(), e.getCause().getMessage());
            case FindException e -> Objects.requireNonNull(e.getMessage());
            case ResolutionException e -> Objects.requireNonNull(e.getMessage());
            case LayerInstantiationException e -> Objects.requireNonNull(e.getMessage());
            case InvocationTargetException e -> reason(e.getTargetException());
            case ExceptionInInitializerError e when e.getCause() != null -> reason(e.getCause());
            case ClassNotFoundException e -> missing(e);
            case NoClassDefFoundError e -> missing(e);
            default -> "it failed: %s; tell those who made it".formatted(failure);
        };
    }

    private static String missing(Throwable failure) {
        return "class %s is missing; put the jar that holds it and this plugin's into a folder of their own here"
                .formatted(Objects.requireNonNull(failure.getMessage()).replace('/', '.'));
    }
}
