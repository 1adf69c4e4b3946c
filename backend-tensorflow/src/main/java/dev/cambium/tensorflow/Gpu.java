package dev.cambium.tensorflow;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteDeviceList;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeviceListCount;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeviceListType;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SessionListDevices;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;

import org.tensorflow.internal.c_api.TF_DeviceList;

import dev.cambium.backend.Device;

/** The graphics cards that TensorFlow sees. */
final class Gpu {
    /** Long enough for every name, by CUDA's documentation. */
    private static final int NAME_BYTES = 256;
    private static final String UNNAMED = "NVIDIA card";

    private Gpu() {}

    /** They are numbered as CUDA numbers them. The native libraries must have been loaded. */
    static List<Device> list() {
        try (GraphSession session = new GraphSession(Config.gpu(1), "cpu")) {
            TF_DeviceList devices = TF_SessionListDevices(session.pointer(), session.status().pointer());
            session.status().check();
            try {
                var gpus = new ArrayList<Device>();
                for (int i = 0; i < TF_DeviceListCount(devices); i++) {
                    String type = TF_DeviceListType(devices, i, session.status().pointer()).getString();
                    session.status().check();
                    if (type.equals("GPU")) {
                        gpus.add(new Device("gpu:" + gpus.size(), Device.Kind.GPU, name(gpus.size())));
                    }
                }
                return gpus;
            } finally {
                TF_DeleteDeviceList(devices);
            }
        }
    }

    /** What the maker calls a card: TensorFlow tells it in its log alone, so the driver is asked. */
    @SuppressWarnings("restricted") // calls functions of the driver, of these signatures
    private static String name(int number) {
        FunctionDescriptor init = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
        FunctionDescriptor get = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
        FunctionDescriptor getName = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS,
                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
        Linker linker = Linker.nativeLinker();
        try (Arena arena = Arena.ofConfined()) {
            SymbolLookup cuda = SymbolLookup.libraryLookup("libcuda.so.1", arena);
            MemorySegment device = arena.allocate(ValueLayout.JAVA_INT);
            MemorySegment text = arena.allocate(NAME_BYTES);
            boolean named = (int) linker.downcallHandle(cuda.findOrThrow("cuInit"), init).invokeExact(0) == 0
                    && (int) linker.downcallHandle(cuda.findOrThrow("cuDeviceGet"), get).invokeExact(device,
                            number) == 0
                    && (int) linker.downcallHandle(cuda.findOrThrow("cuDeviceGetName"), getName).invokeExact(text,
                            NAME_BYTES, device.get(ValueLayout.JAVA_INT, 0)) == 0;
            return named ? text.getString(0) : UNNAMED;
        } catch (IllegalArgumentException | NoSuchElementException _) {
            return UNNAMED;
        } catch (Throwable e) {
            throw new IllegalStateException("the driver can't be asked for the names of graphics cards", e);
        }
    }
}
