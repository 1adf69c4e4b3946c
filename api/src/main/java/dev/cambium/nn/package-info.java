/**
 * What models are made of: the contracts of layers, losses, metrics, optimizers and initial values, and the trace that turns a
 * model into a graph. The stock parts themselves are in the module {@code cambium.models}; how a model is trained is in
 * {@code dev.cambium.train}.
 */
package dev.cambium.nn;
