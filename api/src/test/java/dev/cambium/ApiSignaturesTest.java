package dev.cambium;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

/** Compares the public signatures of the api with {@code api.txt}, so that no change to them goes unseen. */
class ApiSignaturesTest {
    private static final Path CLASSES = Path.of("target", "classes");
    private static final Path PROMISE = Path.of("api.txt");

    @Test
    void the_signatures_are_those_that_the_promise_lists() throws IOException {
        List<String> found = publicTypes().stream().flatMap(ApiSignaturesTest::lines).toList();
        if (Boolean.getBoolean("api.write")) {
            Files.write(PROMISE, found);
        }
        List<String> promised = Files.readAllLines(PROMISE);
        String difference = Stream
                .concat(promised.stream().filter(line -> !found.contains(line)).map("- "::concat),
                        found.stream().filter(line -> !promised.contains(line)).map("+ "::concat))
                .collect(joining("\n"));
        assertThat(found).withFailMessage("""
                the api is not what api/api.txt promises (- promised, + found):
                %s
                If you mean it, say so in CHANGELOG.md and rewrite the file:
                mvn test -pl api -Dtest=ApiSignaturesTest -Dapi.write=true
                """, difference).isEqualTo(promised);
    }

    @Test
    void every_public_type_says_how_stable_it_is() throws IOException {
        assertThat(publicTypes()).filteredOn(type -> !type.isMemberClass()).isNotEmpty()
                .allSatisfy(type -> assertThat(type).hasAnnotation(Stability.class));
    }

    /** Those of the exported packages, by name; a nested type is public where the types around it are, too. */
    private static List<Class<?>> publicTypes() throws IOException {
        try (Stream<Path> files = Files.walk(CLASSES)) {
            return files.map(file -> CLASSES.relativize(file).toString())
                    .filter(file -> file.endsWith(".class") && !file.endsWith("-info.class"))
                    .<Class<?>>map(file -> load(file.substring(0, file.length() - ".class".length())))
                    .filter(ApiSignaturesTest::isPromised).sorted(Comparator.comparing(Class::getName)).toList();
        }
    }

    private static Class<?> load(String file) {
        try {
            return Class.forName(file.replace(file.contains("\\") ? '\\' : '/', '.'));
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isPromised(Class<?> type) {
        if (type.isAnonymousClass() || type.isLocalClass() || !isVisible(type.getModifiers())) {
            return false;
        }
        Class<?> outer = type.getDeclaringClass();
        return outer != null ? isPromised(outer) : Stability.class.getModule().isExported(type.getPackageName());
    }

    private static boolean isVisible(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    /** The type, then its members in the order of their lines. */
    private static Stream<String> lines(Class<?> type) {
        Stream<Field> fields = Arrays.stream(type.getDeclaredFields());
        Stream<Executable> executables = Stream.concat(Arrays.stream(type.getDeclaredConstructors()),
                Arrays.stream(type.getDeclaredMethods()));
        Stream<String> members = Stream.concat(
                fields.filter(field -> isVisible(field.getModifiers()) && !field.isSynthetic())
                        .map(ApiSignaturesTest::line),
                executables.filter(each -> isVisible(each.getModifiers()) && !each.isSynthetic())
                        .map(ApiSignaturesTest::line));
        return Stream.concat(Stream.of(line(type)), members.map("    "::concat).sorted());
    }

    private static String line(Class<?> type) {
        Stability stability = type.getAnnotation(Stability.class);
        String promise = stability == null ? "" : "%s since %s: ".formatted(stability.value(), stability.since());
        String components = type.isRecord()
                ? Arrays.stream(type.getRecordComponents())
                        .map(each -> each.getAnnotatedType() + " " + each.getName()).collect(joining(", ", "(", ")"))
                : "";
        return promise + type.toGenericString() + components
                + list(" extends ", Stream.ofNullable(type.getAnnotatedSuperclass()))
                + list(type.isInterface() ? " extends " : " implements ", Arrays.stream(type.getAnnotatedInterfaces()))
                + list(" permits ", type.isSealed()
                        ? Arrays.stream(type.getPermittedSubclasses()).map(Class::getName)
                        : Stream.empty());
    }

    private static String line(Field field) {
        return Modifier.toString(field.getModifiers()) + " " + field.getAnnotatedType() + " "
                + field.getDeclaringClass().getName() + "." + field.getName() + value(field);
    }

    /** What javac copies into those who use a constant, and would stay there if it changed here. */
    private static String value(Field field) {
        boolean constant = Modifier.isStatic(field.getModifiers()) && Modifier.isFinal(field.getModifiers())
                && (field.getType().isPrimitive() || field.getType() == String.class);
        try {
            return constant ? " = " + String.valueOf(field.get(null)).replace("\0", "\\0") : "";
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    /** As {@link Executable#toGenericString}, and with what may be null and the names of the parameters. */
    private static String line(Executable executable) {
        String modifiers = Modifier.toString(executable.getModifiers()
                & (executable instanceof Method ? Modifier.methodModifiers() : Modifier.constructorModifiers()));
        String kind = executable instanceof Method method && method.isDefault() ? " default" : "";
        String types = Arrays.stream(executable.getTypeParameters())
                .map(each -> each + list(" extends ", Arrays.stream(each.getAnnotatedBounds())))
                .collect(joining(", ", "<", "> "));
        String name = executable instanceof Method method
                ? method.getAnnotatedReturnType() + " " + method.getDeclaringClass().getName() + "." + method.getName()
                : executable.getName();
        String parameters = Arrays.stream(executable.getParameters())
                .map(each -> (each.isVarArgs() ? "varargs " : "") + each.getAnnotatedType() + " " + each.getName())
                .collect(joining(", ", "(", ")"));
        return modifiers + kind + " " + (types.equals("<> ") ? "" : types) + name + parameters
                + list(" throws ", Arrays.stream(executable.getAnnotatedExceptionTypes()));
    }

    private static String list(String keyword, Stream<?> types) {
        String joined = types.map(Object::toString).filter(each -> !each.equals("java.lang.Object"))
                .collect(joining(", "));
        return joined.isEmpty() ? "" : keyword + joined;
    }
}
