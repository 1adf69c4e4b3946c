package dev.cambium.tensor;

import static dev.cambium.Stability.Level.STABLE;

import java.util.Locale;

import dev.cambium.Stability;

/**
 * The element types of tensors. {@link #FLOAT32} is the working type; {@link #FLOAT64} serves gradient checks;
 * {@link #FLOAT16} and {@link #BFLOAT16} are for storage.
 */
@Stability(value = STABLE, since = "0.1")
public enum DType {
    /** True or false, one byte an element (0 or 1). */
    BOOL(1),
    /** Unsigned 8-bit integer. */
    UINT8(1),
    /** Signed 32-bit integer, wrapping on overflow. */
    INT32(4),
    /** Signed 64-bit integer, wrapping on overflow. */
    INT64(8),
    /** IEEE 754 half precision, storage only. */
    FLOAT16(2),
    /** The upper half of a {@link #FLOAT32}, storage only. */
    BFLOAT16(2),
    /** IEEE 754 single precision. */
    FLOAT32(4),
    /** IEEE 754 double precision. */
    FLOAT64(8);

    private final int bytes;

    DType(int bytes) {
        this.bytes = bytes;
    }

    /** The size of one element in bytes. */
    public int bytes() {
        return bytes;
    }

    /** Whether elements are floating-point numbers, so that gradients can flow through them. */
    public boolean isFloating() {
        return switch (this) {
            case FLOAT16, BFLOAT16, FLOAT32, FLOAT64 -> true;
            case BOOL, UINT8, INT32, INT64 -> false;
        };
    }

    /** The name as messages and files show it, such as {@code float32}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
