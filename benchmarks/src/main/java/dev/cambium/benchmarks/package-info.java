/**
 * Whole training runs timed beside the machine's own peak. Benchmarks of single kernels live beside the kernels' tests; nothing here
 * is part of the distribution.
 */
package dev.cambium.benchmarks;
