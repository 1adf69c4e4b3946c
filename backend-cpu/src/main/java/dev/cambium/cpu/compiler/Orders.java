package dev.cambium.cpu.compiler;

import java.util.Arrays;

/** Orders in which the axes of a value may lie in memory, outermost first. */
final class Orders {
    private static final int[] CHANNELS_LAST = {0, 2, 3, 1};

    private Orders() {}

    static int[] rowMajor(int rank) {
        int[] order = new int[rank];
        Arrays.setAll(order, i -> i);
        return order;
    }

    /** The order that convolution and pooling want of images [n, c, h, w]: n, h, w, c. */
    static int[] channelsLast() {
        return CHANNELS_LAST.clone();
    }
}
