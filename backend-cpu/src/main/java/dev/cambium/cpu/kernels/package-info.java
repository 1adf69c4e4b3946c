/**
 * Kernels over Java arrays and offsets: products, dense ones and those that visit only what is not zero, convolution, elementwise
 * functions and loops generated for chains of them, random bits, movement, reductions and pooling, and what has the JIT compiler compile
 * them; where vectors help, behind a door with a twin that needs no Vector API. Threads, memory plans and graphs don't live here.
 */
package dev.cambium.cpu.kernels;
