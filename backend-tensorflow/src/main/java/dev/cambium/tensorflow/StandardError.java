package dev.cambium.tensorflow;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;

/** The standard error of the process, below Java: where native code writes. By POSIX's calls, so not on Windows. */
final class StandardError {
    private static final int STDERR = 2;
    private static final int OWNER_ONLY = 0600;

    private static final MethodHandle DUP = function("dup", 1);
    private static final MethodHandle DUP2 = function("dup2", 2);
    private static final MethodHandle CLOSE = function("close", 1);

    private StandardError() {}

    /** Runs something without the lines that it writes and that match; other lines, of whichever thread, appear after it. */
    static void without(Pattern unwanted, Runnable action) {
        try {
            Path file = Files.createTempFile("cambium", ".stderr");
            try {
                int saved = call(DUP, STDERR);
                int kept = create(file);
                call(DUP2, kept, STDERR);
                call(CLOSE, kept);
                try {
                    action.run();
                } finally {
                    call(DUP2, saved, STDERR);
                    call(CLOSE, saved);
                }
                Files.readString(file).lines().filter(line -> !unwanted.matcher(line).find())
                        .forEach(System.err::println);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int create(Path file) {
        FunctionDescriptor type = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS,
                ValueLayout.JAVA_INT);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(file.toString());
            return call(handle("creat", type).bindTo(name), OWNER_ONLY);
        }
    }

    private static MethodHandle function(String name, int arguments) {
        ValueLayout[] layouts = new ValueLayout[arguments];
        Arrays.fill(layouts, ValueLayout.JAVA_INT);
        return handle(name, FunctionDescriptor.of(ValueLayout.JAVA_INT, layouts));
    }

    @SuppressWarnings("restricted") // calls functions of the C library, of these signatures
    private static MethodHandle handle(String name, FunctionDescriptor type) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
    }

    private static int call(MethodHandle function, Object... arguments) {
        try {
            int result = (int) function.invokeWithArguments(arguments);
            if (result < 0) {
                throw new IllegalStateException("standard error can't be redirected");
            }
            return result;
        } catch (RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
