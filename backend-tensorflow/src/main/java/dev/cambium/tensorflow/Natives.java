package dev.cambium.tensorflow;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import java.util.Map;

import org.bytedeco.javacpp.Loader;

/** TensorFlow's native libraries: settings that must stand before they are loaded, and loading them. */
final class Natives {
    /**
     * What TensorFlow reads from its environment as it is loaded. What the user has set stays.
     * <ul>
     * <li>Its log lines below errors stay off the terminal.
     * <li>Each session has threads of its own, so that a backend's number of threads holds for it, whatever was opened before.
     * </ul>
     */
    private static final Map<String, String> ENVIRONMENT = Map.of("TF_CPP_MIN_LOG_LEVEL", "2",
            "TF_OVERRIDE_GLOBAL_THREADPOOL", "1");

    private static boolean loaded;

    private Natives() {}

    /** Loads the libraries, once in the life of the process. */
    static synchronized void load() {
        if (!loaded) {
            ENVIRONMENT.forEach(Natives::setUnlessSet);
            Loader.load(org.tensorflow.internal.c_api.global.tensorflow.class);
            loaded = true;
        }
    }

    /** Java shows the environment but can't change it; the C library can. */
    @SuppressWarnings("restricted") // calls a function of the C library, of this signature
    private static void setUnlessSet(String name, String value) {
        if (System.getenv(name) != null) {
            return;
        }
        boolean windows = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");
        Linker linker = Linker.nativeLinker();
        MemorySegment function = linker.defaultLookup().findOrThrow(windows ? "_putenv_s" : "setenv");
        MethodHandle set = linker.downcallHandle(function,
                windows ? FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS)
                        : FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS,
                                ValueLayout.JAVA_INT));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment key = arena.allocateFrom(name);
            MemorySegment text = arena.allocateFrom(value);
            int _ = windows ? (int) set.invokeExact(key, text) : (int) set.invokeExact(key, text, 1);
        } catch (Throwable e) {
            throw new IllegalStateException("the environment variable " + name + " can't be set", e);
        }
    }
}
