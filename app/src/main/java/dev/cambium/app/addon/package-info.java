/**
 * Backends that are added to an installation: where they lie, how they are loaded, fetched and taken away. What a backend is, and
 * which one is chosen, is {@code dev.cambium.backend}'s business.
 */
package dev.cambium.app.addon;
