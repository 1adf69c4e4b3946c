/**
 * Kernels over Java arrays and offsets: products, dense ones and those that visit only what is not zero, elementwise functions, random bits, movement, reductions and pooling; where
 * vectors help, behind a door with a twin that needs no Vector API. Threads, memory plans and graphs don't live here.
 */
package dev.cambium.cpu.kernels;
