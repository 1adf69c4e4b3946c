package dev.cambium.tensorflow;

import java.io.ByteArrayOutputStream;

/**
 * The settings of a session as TensorFlow reads them, a serialized {@code tensorflow.ConfigProto}. The handful of fields is written
 * out here because protobuf's Java library makes a JDK warn of its use of {@code sun.misc.Unsafe} on the terminal.
 */
final class Config {
    private static final int DEVICE_COUNT = 1;
    private static final int INTRA_OP_THREADS = 2;
    private static final int INTER_OP_THREADS = 5;
    private static final int GPU_OPTIONS = 6;
    private static final int ALLOW_SOFT_PLACEMENT = 7;
    private static final int PER_SESSION_THREADS = 9;
    private static final int GPU_ALLOW_GROWTH = 4;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private Config() {}

    /** A session that computes on the processor alone. */
    static byte[] cpu(int threads) {
        var noGpu = new Config().text(1, "GPU").number(2, 0);
        return new Config().threads(threads).message(DEVICE_COUNT, noGpu).bytes.toByteArray();
    }

    /** A session that computes on a graphics card, of whose memory it takes what it needs. */
    static byte[] gpu(int threads) {
        var growing = new Config().number(GPU_ALLOW_GROWTH, 1);
        return new Config().threads(threads).message(GPU_OPTIONS, growing).number(ALLOW_SOFT_PLACEMENT, 1).bytes
                .toByteArray();
    }

    private Config threads(int threads) {
        return number(INTRA_OP_THREADS, threads).number(INTER_OP_THREADS, 1).number(PER_SESSION_THREADS, 1);
    }

    private Config number(int field, int value) {
        varint(field << 3);
        varint(value);
        return this;
    }

    private Config text(int field, String value) {
        varint((field << 3) | 2);
        varint(value.length());
        value.chars().forEach(bytes::write);
        return this;
    }

    private Config message(int field, Config value) {
        varint((field << 3) | 2);
        varint(value.bytes.size());
        bytes.writeBytes(value.bytes.toByteArray());
        return this;
    }

    private void varint(int value) {
        int rest = value;
        while (rest > 0x7F) {
            bytes.write((rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        bytes.write(rest);
    }
}
