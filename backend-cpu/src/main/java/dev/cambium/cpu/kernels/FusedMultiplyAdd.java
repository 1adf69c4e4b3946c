package dev.cambium.cpu.kernels;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;

/** {@code a * b + c} with one rounding where the processor has an instruction for it, else with two. */
final class FusedMultiplyAdd {
    /** Whether {@link Math#fma} is an instruction. Where it is not, it takes a detour by BigDecimal and must not be used. */
    static final boolean AVAILABLE = available();

    private FusedMultiplyAdd() {}

    private static boolean available() {
        var hotspot = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        return hotspot != null && Boolean.parseBoolean(hotspot.getVMOption("UseFMA").getValue());
    }

    static float of(float a, float b, float c) {
        return AVAILABLE ? Math.fma(a, b, c) : a * b + c;
    }
}
