/**
 * Tensors and the graph they form: element types, shapes, host arrays, the sealed primitives, gradients as a transformation of
 * the graph, and counter-based randomness. How a graph is executed is {@code dev.cambium.backend}'s business, what models are
 * made of is {@code dev.cambium.nn}'s.
 */
package dev.cambium.tensor;
