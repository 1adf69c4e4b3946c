/**
 * Deeplearning4j on its native processor backend as a contender. Nothing here is shared with the others.
 */
@NullMarked
package dev.cambium.peers.deeplearning4j;

import org.jspecify.annotations.NullMarked;
