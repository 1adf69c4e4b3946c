/**
 * The reference backend: plain loops over every primitive, obviously right and slow, to check other backends, layers and
 * gradients against. Nothing here is made for speed, and nothing here is part of the platform's contract.
 */
package dev.cambium.reference;
