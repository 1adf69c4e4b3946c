/**
 * Dense product kernels over {@code float[]} and offsets: matrix products, convolutions with their two gradients, and the
 * register tiles below them, each with a twin that needs no Vector API.
 * What does not live here: threads, memory plans, graphs, and anything elementwise.
 */
package dev.cambium.cpu.kernels;
