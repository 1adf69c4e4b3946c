/**
 * Kernels of the pure-Java backend: static methods over Java arrays and offsets for elementwise functions, random bits, movement,
 * reductions, pooling and products. Threads, memory plans and graphs don't live here.
 */
package dev.cambium.cpu.kernels;
