/**
 * Single kernels of the CPU backend, timed by JMH through the public api: a graph with one operation, compiled as any other one. Which
 * kernels there are, what they cost by arithmetic, how they are timed and how the results are shown is a class each; another one looks at
 * all kernels of a training step. Both compare with what the machine can do at most.
 */
@NullMarked
package dev.cambium.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
