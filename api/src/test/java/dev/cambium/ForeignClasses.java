package dev.cambium;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import dev.cambium.part.PartProvider;

/** Runs something with providers of parts on the class path that come from elsewhere, as from a stranger's jar. */
public final class ForeignClasses {
    private ForeignClasses() {}

    /**
     * Runs an action with a class path of its own.
     *
     * @param folder
     *            an empty folder
     * @param providers
     *            public classes with public constructors, of each of which a subclass becomes a provider; after them comes a
     *            provider that is named, but missing
     */
    public static <T> T with(Path folder, List<Class<?>> providers, Supplier<T> action)
            throws IOException {
        var names = new ArrayList<String>();
        for (Class<?> provider : providers) {
            String name = "Foreign" + provider.getSimpleName();
            names.add("stranger." + name);
            ClassDesc parent = provider.describeConstable().orElseThrow();
            byte[] bytes = ClassFile.of().build(ClassDesc.of("stranger", name),
                    type -> type.withFlags(ClassFile.ACC_PUBLIC).withSuperclass(parent).withMethodBody(
                            ConstantDescs.INIT_NAME, ConstantDescs.MTD_void, ClassFile.ACC_PUBLIC, code -> code.aload(0)
                                    .invokespecial(parent, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void).return_()));
            Files.createDirectories(folder.resolve("stranger"));
            Files.write(folder.resolve("stranger").resolve(name + ".class"), bytes);
        }
        names.add("stranger.Missing");
        Files.createDirectories(folder.resolve("META-INF/services"));
        Files.write(folder.resolve("META-INF/services").resolve(PartProvider.class.getName()), names);
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (var loader = new URLClassLoader(new URL[] {folder.toUri().toURL()},
                ForeignClasses.class.getClassLoader())) {
            thread.setContextClassLoader(loader);
            return action.get();
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
