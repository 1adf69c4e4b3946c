package dev.cambium.app.wiring;

import java.util.Optional;

import dev.cambium.backend.BackendOptions;

/**
 * The backend that the user wants.
 *
 * @param name
 *            which one; empty for the best one there is
 * @param options
 *            on which device, with how many threads
 */
public record BackendChoice(Optional<String> name, BackendOptions options) {}
