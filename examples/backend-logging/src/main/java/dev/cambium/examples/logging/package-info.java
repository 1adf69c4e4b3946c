/**
 * An example of a third party's backend: it hands all work to the next best one and prints what is asked for. It computes nothing.
 */
package dev.cambium.examples.logging;
