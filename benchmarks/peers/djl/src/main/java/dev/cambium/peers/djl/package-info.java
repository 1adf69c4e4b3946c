/**
 * DJL on its PyTorch engine as a contender. PyTorch without DJL lives elsewhere.
 */
@NullMarked
package dev.cambium.peers.djl;

import org.jspecify.annotations.NullMarked;
