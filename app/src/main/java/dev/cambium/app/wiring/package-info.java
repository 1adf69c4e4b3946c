/**
 * From the options' names to parts that work together: the Guice modules and what they hand out. It finds backends, datasets,
 * networks, losses and optimizers by name alone, and runs nothing.
 */
package dev.cambium.app.wiring;
