package dev.cambium.part;

import static dev.cambium.Stability.Level.STABLE;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.cambium.CambiumException;
import dev.cambium.Stability;
import dev.cambium.nn.Layer;
import dev.cambium.nn.NamedLayer;

/**
 * The catalogue of all parts that providers offer, found once with {@link ServiceLoader}. A provider that fails is left out
 * and listed under {@link #refusals()}; it never takes the platform down.
 */
@Stability(value = STABLE, since = "0.1")
public final class Parts {
    /**
     * A part and where it comes from.
     *
     * @param type
     *            the part
     * @param origin
     *            the module or jar that provides it
     */
    public record Entry(PartType<?> type, String origin) {}

    /**
     * A provider or part that was left out.
     *
     * @param what
     *            the provider or the part
     * @param reason
     *            why
     */
    public record Refusal(String what, String reason) {
        /** With the first cause of a failure, in words where it is one that only developers would recognise. */
        public static Refusal of(String what, Throwable failure) {
            Throwable root = failure;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            String message = Objects.requireNonNullElse(root.getMessage(), root.toString());
            return new Refusal(what, switch (root) {
                case CambiumException _ -> message;
                case ServiceConfigurationError _ -> message.replace(PartProvider.class.getName() + ": ", "");
                case ClassNotFoundException _,NoClassDefFoundError _ ->
                        "class %s is missing; the jar that holds it must be on the class path or module path too"
                                .formatted(message.replace('/', '.'));
                case UnsatisfiedLinkError _ -> "a native library can't be loaded: " + message;
                default -> root.toString();
            });
        }
    }

    private final List<Entry> entries;
    private final List<Refusal> refusals;

    private Parts(List<Entry> entries, List<Refusal> refusals) {
        this.entries = List.copyOf(entries);
        this.refusals = List.copyOf(refusals);
    }

    /** The parts on the class path or module path of the current thread's context class loader. */
    public static Parts discover() {
        return of(ServiceLoader.load(PartProvider.class));
    }

    /** The parts of the given providers, in their order; of two parts of one kind and name the second is refused. */
    public static Parts of(Iterable<PartProvider> providers) {
        var entries = new ArrayList<Entry>();
        var refusals = new ArrayList<Refusal>();
        Iterator<PartProvider> iterator = providers.iterator();
        while (true) {
            try {
                if (!iterator.hasNext()) {
                    return new Parts(entries, refusals);
                }
                add(iterator.next(), entries, refusals);
            } catch (ServiceConfigurationError | LinkageError e) { // the latter where a class that it extends is missing
                refusals.add(unloadable(e));
            }
        }
    }

    /** Of the service loader the message names the provider, and the cause says why. */
    private static Refusal unloadable(Error failure) {
        Refusal refusal = Refusal.of("a provider of parts", failure);
        return failure.getCause() == null || failure instanceof LinkageError ? refusal
                : new Refusal(refusal.what(), "%s: %s".formatted(
                        Refusal.of("", new ServiceConfigurationError(failure.getMessage())).reason(),
                        refusal.reason()));
    }

    private static void add(PartProvider provider, List<Entry> entries, List<Refusal> refusals) {
        String origin = origin(provider.getClass());
        List<PartType<?>> types;
        try {
            types = List.copyOf(provider.parts());
        } catch (RuntimeException | LinkageError | AssertionError e) {
            refusals.add(Refusal.of(provider.getClass().getName() + " of " + origin, e));
            return;
        }
        add(types, origin, entries, refusals);
    }

    private static void add(List<PartType<?>> types, String origin, List<Entry> entries, List<Refusal> refusals) {
        for (PartType<?> type : types) {
            entries.stream()
                    .filter(entry -> entry.type().name().equals(type.name()) && sameKind(entry.type(), type))
                    .findFirst()
                    .ifPresentOrElse(
                            taken -> refusals.add(new Refusal(type.name() + " of " + origin,
                                    "the name is already taken by %s; remove one of them".formatted(taken.origin()))),
                            () -> entries.add(new Entry(type, origin)));
        }
    }

    /**
     * This catalogue and parts from elsewhere, such as a plugin's.
     *
     * @param origin
     *            where they come from, as users are told
     * @param types
     *            the parts; one whose kind and name are taken is refused
     */
    public Parts with(String origin, List<PartType<?>> types) {
        var all = new ArrayList<>(entries);
        var left = new ArrayList<>(refusals);
        add(types, origin, all, left);
        return new Parts(all, left);
    }

    /** This catalogue, which tells those who look for what is not there that these were refused. */
    public Parts refusing(List<Refusal> more) {
        var left = new ArrayList<>(refusals);
        left.addAll(more);
        return new Parts(entries, left);
    }

    private static boolean sameKind(PartType<?> a, PartType<?> b) {
        return !Collections.disjoint(kinds(a.recordClass()), kinds(b.recordClass()));
    }

    /** All interfaces of a class but those of Java itself, such as {@link java.io.Serializable}. */
    private static Set<Class<?>> kinds(Class<?> type) {
        var kinds = new HashSet<Class<?>>();
        for (Class<?> each : type.getInterfaces()) {
            if (!each.getPackageName().startsWith("java.")) {
                kinds.add(each);
            }
            kinds.addAll(kinds(each));
        }
        return kinds;
    }

    private static String origin(Class<?> provider) {
        Module module = provider.getModule();
        if (module.isNamed()) {
            return module.getName();
        }
        var source = provider.getProtectionDomain().getCodeSource();
        return source == null ? "the class path" : source.getLocation().toString();
    }

    /** All parts, in the order of their providers. */
    public List<Entry> entries() {
        return entries;
    }

    /** What was left out, and why. */
    public List<Refusal> refusals() {
        return refusals;
    }

    /** All parts of one kind, such as {@code Layer.class}. */
    public <K> List<PartType<? extends K>> all(Class<K> kind) {
        var found = new ArrayList<PartType<? extends K>>();
        for (Entry entry : entries) {
            if (kind.isAssignableFrom(entry.type().recordClass())) {
                found.add(narrow(entry.type(), kind));
            }
        }
        return found;
    }

    /**
     * The part of a kind and name.
     *
     * @throws CambiumException
     *             if there is none; the message suggests a close name, lists those there are, and says what was refused, which
     *             may be what would have had it
     */
    public <K> PartType<? extends K> find(Class<K> kind, String name) {
        var all = all(kind);
        return all.stream().filter(type -> type.name().equals(name)).findFirst().orElseThrow(() -> {
            List<String> names = all.stream().map(PartType::name).sorted().toList();
            return new CambiumException(
                    "unknown %s '%s'%s; there %s%s".formatted(word(kind), name, Suggestion.of(name, names),
                            names.isEmpty() ? "are none" : "are: " + String.join(", ", names), refused()));
        });
    }

    /** What messages about something that is not there say at their end: what was refused, which may be what would have had it. */
    public String refused() {
        return refusals.isEmpty() ? ""
                : refusals.stream().map(refusal -> "%n  %s: %s".formatted(refusal.what(), refusal.reason()))
                        .collect(Collectors.joining("", "; what was refused may have it:", ""));
    }

    /**
     * Makes a part, and the parts that its settings hold, from names and settings as they stand in a file.
     *
     * @param kind
     *            what is wanted, such as {@code Layer.class}
     * @param name
     *            its name
     * @param settings
     *            by name; for a setting that holds a part its name, or a map of {@code type} and its settings
     * @throws CambiumException
     *             if there is no such part, or a setting does not suit it
     */
    public <K> K create(Class<K> kind, String name, Map<String, ?> settings) {
        return create(find(kind, name), settings);
    }

    /** Makes a part of a type that need not be in this catalogue; those that its settings hold are. */
    public <P> P create(PartType<P> type, Map<String, ?> settings) {
        var values = new LinkedHashMap<String, Object>(settings);
        for (PartType.SettingInfo setting : type.settings()) {
            Object given = values.getOrDefault(setting.name(), setting.defaultValue().orElse(null));
            if (setting.holdsParts() && given != null) {
                values.put(setting.name(), made(setting, given));
            }
        }
        return type.create(values);
    }

    private Object made(PartType.SettingInfo setting, Object given) {
        if (!(given instanceof List<?> list)) {
            return made(setting, given, 0);
        }
        var values = new ArrayList<Object>();
        for (Object each : list) {
            values.add(made(setting, each, values.size()));
        }
        return values;
    }

    private Object made(PartType.SettingInfo setting, Object given, int position) {
        boolean layer = setting.type() == NamedLayer.class;
        return switch (given) {
            case String name when !name.isBlank() -> made(setting, Map.of("type", name), position);
            case Map<?, ?> map -> {
                var settings = new LinkedHashMap<String, Object>();
                map.forEach((key, value) -> settings.put(String.valueOf(key), value));
                if (!(settings.remove("type") instanceof String name)) {
                    throw new CambiumException(
                            "%s is a part without its 'type'".formatted(setting.name()));
                }
                yield layer ? NamedLayer.of(settings, position, own -> create(Layer.class, name, own))
                        : create(setting.type(), name, settings);
            }
            default -> given;
        };
    }

    /**
     * The settings of a part as {@link #create} takes them: text, numbers, booleans, lists, and maps for the parts among them.
     *
     * @throws CambiumException
     *             if a part among them is not in this catalogue
     */
    public <P> Map<String, Object> settingsOf(PartType<P> type, P part) {
        var values = new LinkedHashMap<String, Object>();
        type.settingsOf(part).forEach((name, value) -> {
            Object plain = plain(value);
            if (plain != null) {
                values.put(name, plain);
            }
        });
        return values;
    }

    private @Nullable Object plain(Object value) {
        return switch (value) {
            case Optional<?> optional -> optional.map(this::plain).orElse(null);
            case List<?> list -> list.stream().map(this::plain).toList();
            case NamedLayer layer -> layer.settings(spec(layer.layer()));
            case Enum<?> constant -> constant.name().toLowerCase(Locale.ROOT);
            case String _,Number _,Boolean _,Path _ -> value;
            default -> spec(value);
        };
    }

    /** The type and the settings of a part in one map. */
    private Map<String, Object> spec(Object part) {
        for (Entry entry : entries) {
            if (entry.type().recordClass() == part.getClass()) {
                var spec = new LinkedHashMap<String, Object>();
                spec.put("type", entry.type().name());
                spec.putAll(settingsOf(cast(entry.type()), part));
                return spec;
            }
        }
        throw new CambiumException("%s comes from no provider".formatted(part.getClass().getName()));
    }

    @SuppressWarnings("unchecked") // only asked about an instance of its own record
    private static PartType<Object> cast(PartType<?> type) {
        return (PartType<Object>) type;
    }

    /** The type of a part's record, such as that of an {@code Adam}, if a provider offers it. */
    public <P> Optional<PartType<? extends P>> typeOf(Class<P> kind, P part) {
        return all(kind).stream().filter(type -> type.recordClass() == part.getClass())
                .<PartType<? extends P>>map(type -> type).findFirst();
    }

    /** What messages call a kind of parts, such as {@code layer}; a provider of backends is a {@code backend} to its users. */
    public static String word(Class<?> kind) {
        return kind.getSimpleName().replaceFirst("Provider$", "").toLowerCase(Locale.ROOT);
    }

    @SuppressWarnings("unchecked") // checked by the caller: the record implements the kind
    private static <K> PartType<? extends K> narrow(PartType<?> type, Class<K> kind) {
        assert kind.isAssignableFrom(type.recordClass());
        return (PartType<? extends K>) type;
    }
}
