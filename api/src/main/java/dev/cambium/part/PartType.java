package dev.cambium.part;

import static dev.cambium.Stability.Level.STABLE;

import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.cambium.CambiumException;
import dev.cambium.Stability;
import dev.cambium.nn.NamedLayer;

/**
 * A kind of part that a provider offers: a name, a one-line description and typed settings, all read from a public record
 * annotated with {@link Part} and {@link Setting}. It makes instances from settings given by name, and reads the settings of
 * an instance back.
 *
 * @param <P>
 *            the record
 */
@Stability(value = STABLE, since = "0.1")
public final class PartType<P> {
    /**
     * One setting of a part.
     *
     * @param name
     *            the record component's name
     * @param type
     *            the type of its values: int, long, float, double, boolean, {@link String}, {@link Path}, an enum, a kind of
     *            parts such as {@code Layer}, or {@link NamedLayer}
     * @param form
     *            whether it has one value, perhaps one, or a list of them
     * @param doc
     *            its meaning, in one line
     * @param defaultValue
     *            the default, or empty when the setting is required; of a kind of parts the name of one
     * @param min
     *            the smallest number allowed
     * @param max
     *            the largest number allowed
     */
    public record SettingInfo(String name, Class<?> type, Form form, String doc, Optional<Object> defaultValue,
            double min, double max) {
        /** Whether its values are parts, which a catalogue makes from their names and settings. */
        public boolean holdsParts() {
            return type == NamedLayer.class || PartType.isKind(type);
        }

        /** What may be given, in words, such as {@code a number from 0 to 1}. */
        public String expected() {
            String one = switch (type) {
                case Class<?> t when t == boolean.class -> "true or false";
                case Class<?> t when t == int.class || t == long.class -> "a whole number" + range(this);
                case Class<?> t when t == float.class || t == double.class -> "a number" + range(this);
                case Class<?> t when t == Path.class -> "a path";
                case Class<?> t when t == NamedLayer.class -> "layers, each with a name if wanted";
                case Class<?> t when t.isEnum() -> "one of " + String.join(", ", constants(t));
                case Class<?> t when isKind(t) -> form == Form.LIST ? Parts.word(t) + "s" : "one " + Parts.word(t);
                default -> "text";
            };
            return form == Form.LIST ? "a list of " + one : one;
        }
    }

    /** How many values a setting has. */
    public enum Form {
        /** Just one. */
        ONE,
        /** One or none: an {@link Optional}, empty by default. */
        OPTIONAL,
        /** Any number: a {@link List}. */
        LIST
    }

    private static final Set<Class<?>> TYPES = Set.of(int.class, long.class, float.class, double.class, boolean.class,
            String.class, Path.class, NamedLayer.class);

    private final String name;
    private final String description;
    private final Class<P> recordClass;
    private final Constructor<P> constructor;
    private final List<SettingInfo> settings;

    private PartType(Part part, Class<P> recordClass, Constructor<P> constructor, List<SettingInfo> settings) {
        this.name = part.name();
        this.description = part.description();
        this.recordClass = recordClass;
        this.constructor = constructor;
        this.settings = settings;
    }

    /**
     * Reads the description of a part from its record.
     *
     * @throws IllegalArgumentException
     *             if the record is not public, lacks {@link Part}, or has a component without {@link Setting}, of a type that
     *             settings can't have, or with a default that it would refuse
     */
    public static <P extends Record> PartType<P> of(Class<P> recordClass) {
        Part part = recordClass.getAnnotation(Part.class);
        if (part == null) {
            throw new IllegalArgumentException(recordClass.getName() + " is not annotated with @Part");
        }
        RecordComponent[] components = recordClass.getRecordComponents();
        var settings = new ArrayList<SettingInfo>();
        for (RecordComponent component : components) {
            Setting setting = component.getAnnotation(Setting.class);
            if (setting == null) {
                throw new IllegalArgumentException(
                        recordClass.getName() + "." + component.getName() + " is not annotated with @Setting");
            }
            settings.add(describe(part, recordClass, component, setting));
        }
        Class<?>[] types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            return new PartType<>(part, recordClass, recordClass.getConstructor(types), List.copyOf(settings));
        } catch (NoSuchMethodException e) {
            throw new IllegalArgumentException(recordClass.getName() + " must be a public record", e);
        }
    }

    private static SettingInfo describe(Part part, Class<?> record, RecordComponent component, Setting setting) {
        Form form = component.getType() == Optional.class ? Form.OPTIONAL
                : component.getType() == List.class ? Form.LIST : Form.ONE;
        Class<?> type = form == Form.ONE ? component.getType() : argument(component);
        if (!TYPES.contains(type) && !type.isEnum() && !isKind(type)) {
            throw new IllegalArgumentException("%s.%s: settings can't be of type %s".formatted(record.getName(),
                    component.getName(), component.getGenericType().getTypeName()));
        }
        if (NamedLayer.KEYS.contains(component.getName())) {
            throw new IllegalArgumentException("%s.%s: a setting can't have this name, which stands beside the settings"
                    .formatted(record.getName(), component.getName()));
        }
        Optional<Object> none = form == Form.OPTIONAL ? Optional.of(Optional.empty()) : Optional.empty();
        var info = new SettingInfo(component.getName(), type, form, setting.doc(), none, setting.min(),
                setting.max());
        if (setting.defaultValue().equals(Setting.REQUIRED)) {
            return info;
        }
        try {
            Object defaultValue = info.holdsParts() && form == Form.ONE ? setting.defaultValue()
                    : convert(part.name(), info, setting.defaultValue());
            return new SettingInfo(info.name(), type, form, info.doc(), Optional.of(defaultValue), info.min(),
                    info.max());
        } catch (CambiumException e) {
            throw new IllegalArgumentException(record.getName() + ": the default of " + e.getMessage(), e);
        }
    }

    /** The type of what an {@code Optional} or a {@code List} holds, without its wrapper. */
    private static Class<?> argument(RecordComponent component) {
        if (component.getGenericType() instanceof ParameterizedType generic
                && generic.getActualTypeArguments()[0] instanceof Class<?> type) {
            return MethodType.methodType(type).unwrap().returnType();
        }
        return component.getType();
    }

    /** Layers, losses and all others that an interface of ours or of a stranger's says what they do. */
    private static boolean isKind(Class<?> type) {
        return type.isInterface() && !type.getPackageName().startsWith("java.");
    }

    /** The name in experiment files and on the command line, such as {@code conv2d}. */
    public String name() {
        return name;
    }

    /** What the part does, in one line. */
    public String description() {
        return description;
    }

    /** The record that this type describes. */
    public Class<P> recordClass() {
        return recordClass;
    }

    /** The settings, in the order of the record's components. */
    public List<SettingInfo> settings() {
        return settings;
    }

    /**
     * Makes a part from settings by name. Values may be of the setting's type, numbers of another type that hold the same
     * value, or text as a person would write it.
     *
     * @throws CambiumException
     *             if a name is unknown (with a suggestion), a required setting is missing, or a value has the wrong type or is
     *             out of range; the message names the part and the setting
     */
    public P create(Map<String, ?> values) {
        List<String> names = settings.stream().map(SettingInfo::name).toList();
        for (String given : values.keySet()) {
            if (!names.contains(given)) {
                throw new CambiumException("%s has no setting '%s'%s; it has %s".formatted(name, given,
                        Suggestion.of(given, names), names.isEmpty() ? "none" : String.join(", ", names)));
            }
        }
        Object[] arguments = new Object[settings.size()];
        for (int i = 0; i < arguments.length; i++) {
            SettingInfo setting = settings.get(i);
            Object given = values.get(setting.name());
            arguments[i] = given != null ? convert(name, setting, given) : defaultOf(setting);
        }
        return instantiate(arguments);
    }

    private Object defaultOf(SettingInfo setting) {
        Object value = setting.defaultValue().orElseThrow(() -> new CambiumException(
                "%s needs the setting '%s': %s".formatted(name, setting.name(), setting.doc())));
        if (setting.holdsParts() && setting.form() == Form.ONE) {
            throw new CambiumException("%s.%s is '%s' by default, which only a catalogue of parts can make"
                    .formatted(name, setting.name(), value));
        }
        return value;
    }

    /**
     * The value that a setting gets from what a person gave for it.
     *
     * @throws CambiumException
     *             if it has the wrong type or is out of range; the message names the part and the setting
     */
    public Object convert(SettingInfo setting, Object given) {
        return convert(name, setting, given);
    }

    /** Makes the part with all settings at their defaults. */
    public P create() {
        return create(Map.of());
    }

    /** The settings of an instance by name, in the order of the record's components. */
    public Map<String, Object> settingsOf(P part) {
        var values = new LinkedHashMap<String, Object>();
        for (RecordComponent component : recordClass.getRecordComponents()) {
            try {
                values.put(component.getName(), component.getAccessor().invoke(part));
            } catch (IllegalAccessException | InvocationTargetException e) {
                throw new IllegalStateException("can't read " + recordClass.getName() + "." + component.getName(), e);
            }
        }
        return values;
    }

    private P instantiate(Object[] arguments) {
        try {
            return constructor.newInstance(arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException cause) {
                throw new CambiumException(name + ": " + cause.getMessage(), cause);
            }
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("can't create " + recordClass.getName(), e);
        } catch (InstantiationException | IllegalAccessException e) {
            throw new IllegalStateException(
                    "can't create %s: is its package exported?".formatted(recordClass.getName()), e);
        }
    }

    private static Object convert(String part, SettingInfo setting, Object given) {
        return switch (setting.form()) {
            case ONE -> convertOne(part, setting, given);
            case OPTIONAL -> given instanceof Optional<?> value
                    ? value.map(one -> convertOne(part, setting, one))
                    : Optional.of(convertOne(part, setting, given));
            case LIST -> switch (given) {
                case List<?> values -> values.stream().map(one -> convertOne(part, setting, one)).toList();
                case String text when text.isBlank() -> List.of();
                default -> throw wrong(part, setting, given, setting.expected());
            };
        };
    }

    private static Object convertOne(String part, SettingInfo setting, Object given) {
        Class<?> type = setting.type();
        if (type.isInstance(given)) {
            return given;
        }
        if (setting.holdsParts()) {
            throw wrong(part, setting, given, setting.expected());
        }
        if (given instanceof List<?> || given instanceof Map<?, ?>) {
            throw wrong(part, setting, given, "one value: " + setting.expected());
        }
        String text = given.toString().strip();
        if (type == String.class) {
            return given.toString();
        }
        if (type == Path.class) {
            try {
                return Path.of(given.toString());
            } catch (InvalidPathException e) {
                throw wrong(part, setting, given, "a path: " + e.getReason());
            }
        }
        if (type == boolean.class) {
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "true" -> true;
                case "false" -> false;
                default -> throw wrong(part, setting, given, "true or false");
            };
        }
        if (type.isEnum()) {
            List<String> names = constants(type);
            int index = names.indexOf(text.toLowerCase(Locale.ROOT));
            if (index < 0) {
                throw wrong(part, setting, given, "one of " + String.join(", ", names) + Suggestion.of(text, names));
            }
            return type.getEnumConstants()[index];
        }
        return number(part, setting, given, text);
    }

    private static List<String> constants(Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT)).toList();
    }

    private static Object number(String part, SettingInfo setting, Object given, String text) {
        Class<?> type = setting.type();
        boolean whole = type == int.class || type == long.class;
        BigDecimal exact;
        try {
            exact = new BigDecimal(text);
        } catch (NumberFormatException e) {
            throw wrong(part, setting, given, whole ? "a whole number" : "a number");
        }
        double value = exact.doubleValue();
        boolean finite = type == float.class ? Float.isFinite(exact.floatValue()) : Double.isFinite(value);
        if (!finite || value < setting.min() || value > setting.max()) {
            throw wrong(part, setting, given, "a number" + range(setting));
        }
        if (type == double.class) {
            return value;
        }
        if (type == float.class) {
            return exact.floatValue();
        }
        try {
            return type == int.class ? (Object) exact.intValueExact() : (Object) exact.longValueExact();
        } catch (ArithmeticException e) {
            throw wrong(part, setting, given,
                    type == int.class ? "a whole number of 32 bits" : "a whole number of 64 bits");
        }
    }

    private static String range(SettingInfo setting) {
        boolean above = setting.min() != Double.NEGATIVE_INFINITY;
        boolean below = setting.max() != Double.POSITIVE_INFINITY;
        if (above && below) {
            return " from " + plain(setting.min()) + " to " + plain(setting.max());
        }
        return above ? " of at least " + plain(setting.min()) : below ? " of at most " + plain(setting.max()) : "";
    }

    private static String plain(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15 ? Long.toString((long) value)
                : Double.toString(value);
    }

    private static CambiumException wrong(String part, SettingInfo setting, Object given, String expected) {
        return new CambiumException("%s.%s is '%s', but must be %s".formatted(part, setting.name(), given, expected));
    }

    /** The name and the description. */
    @Override
    public String toString() {
        return name + ": " + description;
    }
}
