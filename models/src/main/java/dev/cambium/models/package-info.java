/**
 * Stock layers, losses, metrics, optimizers and networks with PyTorch's semantics, names and defaults, the summary of a network,
 * and files of weights. The contracts that they fulfil are in {@code dev.cambium.nn}; how a network is trained is in
 * {@code dev.cambium.train}.
 */
package dev.cambium.models;
