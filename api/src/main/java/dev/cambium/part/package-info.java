/**
 * How every part of the platform, stock or a stranger's, describes itself and is found: a
 * {@link dev.cambium.part.PartProvider} lists {@link dev.cambium.part.PartType}s, each a record with a name, a description
 * and documented settings, and {@link dev.cambium.part.Parts} is the catalogue of all that the class or module path offers.
 * What the parts do (layers, losses, optimizers, datasets) is no concern of this package.
 */
package dev.cambium.part;
