/**
 * Computes the golden values that the tests of the models module read. Nothing here is part of the product or its
 * build.
 */
package dev.cambium.golden;
