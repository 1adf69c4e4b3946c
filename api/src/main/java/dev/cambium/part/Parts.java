package dev.cambium.part;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;

import dev.cambium.CambiumException;

/**
 * The catalogue of all parts that providers offer, found once with {@link ServiceLoader}. A provider that fails is left out
 * and listed under {@link #refusals()}; it never takes the platform down.
 */
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
    public record Refusal(String what, String reason) {}

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
            } catch (ServiceConfigurationError e) {
                Throwable cause = e.getCause() == null ? e : e.getCause();
                refusals.add(new Refusal("a provider of parts", e.getMessage() + ": " + cause));
            }
        }
    }

    private static void add(PartProvider provider, List<Entry> entries, List<Refusal> refusals) {
        String origin = origin(provider.getClass());
        List<PartType<?>> types;
        try {
            types = List.copyOf(provider.parts());
        } catch (RuntimeException | LinkageError e) {
            refusals.add(new Refusal(provider.getClass().getName() + " of " + origin, e.toString()));
            return;
        }
        for (PartType<?> type : types) {
            entries.stream()
                    .filter(entry -> entry.type().name().equals(type.name()) && sameKind(entry.type(), type))
                    .findFirst()
                    .ifPresentOrElse(
                            taken -> refusals.add(new Refusal(type.name() + " of " + origin,
                                    "the name is already taken by " + taken.origin())),
                            () -> entries.add(new Entry(type, origin)));
        }
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
     *             if there is none; the message suggests a close name and lists those there are
     */
    public <K> PartType<? extends K> find(Class<K> kind, String name) {
        var all = all(kind);
        return all.stream().filter(type -> type.name().equals(name)).findFirst().orElseThrow(() -> {
            List<String> names = all.stream().map(PartType::name).sorted().toList();
            return new CambiumException(
                    "unknown %s '%s'%s; there %s".formatted(word(kind), name, Suggestion.of(name, names),
                            names.isEmpty() ? "are none" : "are: " + String.join(", ", names)));
        });
    }

    /** The type of a part's record, such as that of an {@code Adam}, if a provider offers it. */
    public <P> java.util.Optional<PartType<? extends P>> typeOf(Class<P> kind, P part) {
        return all(kind).stream().filter(type -> type.recordClass() == part.getClass())
                .<PartType<? extends P>>map(type -> type).findFirst();
    }

    private static String word(Class<?> kind) {
        return kind.getSimpleName().toLowerCase(java.util.Locale.ROOT);
    }

    @SuppressWarnings("unchecked") // checked by the caller: the record implements the kind
    private static <K> PartType<? extends K> narrow(PartType<?> type, Class<K> kind) {
        assert kind.isAssignableFrom(type.recordClass());
        return (PartType<? extends K>) type;
    }
}
