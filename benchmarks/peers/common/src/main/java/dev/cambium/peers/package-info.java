/**
 * What all contenders of the comparison share: the data, the protocol that each of them answers in a process of its own, and the
 * program that starts them, takes their windows in turn and prints the table. No library that is compared is named here but by the
 * folder of its contender.
 */
@NullMarked
package dev.cambium.peers;

import org.jspecify.annotations.NullMarked;
