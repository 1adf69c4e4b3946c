/**
 * A training run and the folder it leaves behind: settings, metrics, weights, pictures. How things look is
 * {@code dev.cambium.app.terminal}'s and {@code dev.cambium.app.picture}'s business.
 */
package dev.cambium.app.run;
