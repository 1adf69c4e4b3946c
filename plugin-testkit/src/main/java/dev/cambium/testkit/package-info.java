/**
 * What a plugin's tests use: {@link dev.cambium.testkit.PartConformance} for all its parts at once and
 * {@link dev.cambium.testkit.GradientCheck} for a single function. The conformance of backends is no concern of this package.
 */
package dev.cambium.testkit;
