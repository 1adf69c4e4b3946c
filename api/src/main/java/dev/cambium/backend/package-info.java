/**
 * The contract between the platform and whatever executes graphs: a {@link dev.cambium.backend.BackendProvider} opens a
 * {@link dev.cambium.backend.Backend}, which compiles graphs to {@link dev.cambium.backend.Executable}s over
 * {@link dev.cambium.backend.Buffer}s. No backend lives here, and nothing here knows what a layer is.
 */
package dev.cambium.backend;
