/**
 * The graph compiler of the pure-Java backend: stages from a graph to phases of steps over planned memory. The loops over elements
 * themselves are kernels and live in {@code dev.cambium.cpu.kernels}.
 */
package dev.cambium.cpu.compiler;
