/**
 * The conformance kit: what any backend must do, as tests that its own tests extend, and graphs to try it on. What only one backend
 * promises, such as equal bits whatever the number of threads, is its own tests' business.
 */
package dev.cambium.tck;
