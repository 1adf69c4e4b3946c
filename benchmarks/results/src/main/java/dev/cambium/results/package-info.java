/**
 * What the benchmarks measured: medians of it, the files that keep it, and the tables and pictures that show it. How it is measured is
 * no business of this package, so a picture can be drawn anew from a file.
 */
@NullMarked
package dev.cambium.results;

import org.jspecify.annotations.NullMarked;
