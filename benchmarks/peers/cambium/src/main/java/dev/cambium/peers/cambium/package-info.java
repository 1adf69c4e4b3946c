/**
 * Cambium as a contender, on any backend that is on the class path, trained by its usual loop. What it is compared with lives
 * elsewhere.
 */
@NullMarked
package dev.cambium.peers.cambium;

import org.jspecify.annotations.NullMarked;
