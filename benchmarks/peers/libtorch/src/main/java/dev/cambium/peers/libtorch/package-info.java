/**
 * libtorch through JavaCPP's presets as a contender: PyTorch's C++ interface, called from Java. DJL, which has PyTorch of its own,
 * lives elsewhere.
 */
@NullMarked
package dev.cambium.peers.libtorch;

import org.jspecify.annotations.NullMarked;
