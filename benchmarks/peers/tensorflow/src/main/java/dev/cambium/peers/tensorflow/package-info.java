/**
 * TensorFlow Java without Cambium as a contender: the graph written by hand that the benchmarks have. Cambium's own backend on
 * TensorFlow runs on this module's class path, but has no code here.
 */
@NullMarked
package dev.cambium.peers.tensorflow;

import org.jspecify.annotations.NullMarked;
