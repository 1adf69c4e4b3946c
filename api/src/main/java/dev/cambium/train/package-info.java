/**
 * Training and using models: a {@link dev.cambium.train.Model} is a network with its weights on a backend, a
 * {@link dev.cambium.train.Trainer} runs the epochs. It works with any layers, losses, optimizers, datasets and backends, and
 * contains none.
 */
package dev.cambium.train;
