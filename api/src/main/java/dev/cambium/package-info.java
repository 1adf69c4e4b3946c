/**
 * What every other package of the platform shares: its exception for mistakes that a user can mend, and the mark that says how
 * stable a type is. Nothing else lives here; tensors, layers, data, backends and training each have a package of their own below.
 */
package dev.cambium;
