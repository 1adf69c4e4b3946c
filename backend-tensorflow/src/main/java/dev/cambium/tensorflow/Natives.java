package dev.cambium.tensorflow;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

import org.bytedeco.javacpp.Loader;
import org.jspecify.annotations.Nullable;

import dev.cambium.CambiumException;
import dev.cambium.tensor.NdArray;

/** TensorFlow's native libraries: settings that must stand before they are loaded, and loading them. */
final class Natives {
    private static final String LOG_LEVEL = "TF_CPP_MIN_LOG_LEVEL";
    /**
     * What TensorFlow reads from its environment as it is loaded. What the user has set stays.
     * <ul>
     * <li>Its log lines below errors stay off the terminal.
     * <li>Each session has threads of its own, so that a backend's number of threads holds for it, whatever was opened before.
     * <li>A graphics card multiplies float32 as such, not cut to the 10 bits of TF32.
     * </ul>
     */
    private static final Map<String, String> ENVIRONMENT = Map.of(LOG_LEVEL, "2", "TF_OVERRIDE_GLOBAL_THREADPOOL", "1",
            "NVIDIA_TF32_OVERRIDE", "0");
    /** What the first run of a session writes whatever the log level: the log library's word on itself, and a word on a pass. */
    private static final Pattern GREETING = Pattern
            .compile("^WARNING: All log messages before absl|^I0000.*mlir_graph_optimization_pass");
    private static final boolean WINDOWS = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");

    private static boolean loaded;
    private static @Nullable String problem;

    private Natives() {}

    /**
     * Loads the libraries, once in the life of the process.
     *
     * @throws CambiumException
     *             if they can't be loaded, with the reason
     */
    static synchronized void load() {
        if (!loaded && problem == null) {
            ENVIRONMENT.forEach(Natives::setUnlessSet);
            try {
                String cache = Loader.getCacheDir().toString();
                problem = load(cache);
            } catch (IOException _) {
                problem = "there is no folder to unpack them to (700 MB): neither %s nor %s can be written; name one by the JVM's option -Dorg.bytedeco.javacpp.cachedir=FOLDER"
                        .formatted(Path.of(System.getProperty("user.home"), ".javacpp", "cache"),
                                System.getProperty("java.io.tmpdir"));
            }
            loaded = problem == null;
        }
        if (problem != null) {
            throw new CambiumException("TensorFlow's native libraries can't be loaded: " + problem);
        }
    }

    private static @Nullable String load(String cache) {
        try {
            Loader.load(org.tensorflow.internal.c_api.global.tensorflow.class);
            if (System.getenv(LOG_LEVEL) == null && !WINDOWS) {
                StandardError.without(GREETING, Natives::runOnce);
            }
            return null;
        } catch (LinkageError e) {
            Throwable root = e;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            return "%s (they are unpacked in %s; if a library of the system is missing, install it; if a file is damaged, delete it)"
                    .formatted(root.getMessage(), cache);
        }
    }

    /** Whether the system has a library, given by its file's name. */
    @SuppressWarnings("restricted") // loads a library of the system
    static boolean loads(String library) {
        try (Arena arena = Arena.ofConfined()) {
            SymbolLookup.libraryLookup(library, arena);
            return true;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static void runOnce() {
        try (GraphSession session = new GraphSession(Config.cpu(1), "cpu");
                Call nothing = new Call(session, List.of(), List.of(), List.of(),
                        List.of(session.op("NoOp").build()))) {
            List<NdArray> _ = nothing.run(List.of());
        }
    }

    /** Java shows the environment but can't change it; the C library can. */
    @SuppressWarnings("restricted") // calls a function of the C library, of this signature
    private static void setUnlessSet(String name, String value) {
        if (System.getenv(name) != null) {
            return;
        }
        Linker linker = Linker.nativeLinker();
        MemorySegment function = linker.defaultLookup().findOrThrow(WINDOWS ? "_putenv_s" : "setenv");
        MethodHandle set = linker.downcallHandle(function,
                WINDOWS ? FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS)
                        : FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS,
                                ValueLayout.JAVA_INT));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment key = arena.allocateFrom(name);
            MemorySegment text = arena.allocateFrom(value);
            int _ = WINDOWS ? (int) set.invokeExact(key, text) : (int) set.invokeExact(key, text, 1);
        } catch (Throwable e) {
            throw new IllegalStateException("the environment variable " + name + " can't be set", e);
        }
    }
}
