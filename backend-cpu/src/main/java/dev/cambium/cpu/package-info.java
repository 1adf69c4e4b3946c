/**
 * The pure-Java backend: its provider, buffers, executables and threads. The compiler and the kernels have packages of their own below.
 */
package dev.cambium.cpu;
