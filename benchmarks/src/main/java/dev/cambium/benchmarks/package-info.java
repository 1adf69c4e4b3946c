/**
 * Training runs and single kernels timed beside the machine's own peak. Nothing here is part of the distribution, and nothing in the
 * product depends on it.
 */
package dev.cambium.benchmarks;
