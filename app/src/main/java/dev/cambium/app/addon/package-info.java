/**
 * Backends that are added to an installation: where they lie, how they are fetched and taken away. How they are loaded is
 * {@code dev.cambium.app.plugin}'s business; what a backend is, and which one is chosen, is {@code dev.cambium.backend}'s.
 */
package dev.cambium.app.addon;
