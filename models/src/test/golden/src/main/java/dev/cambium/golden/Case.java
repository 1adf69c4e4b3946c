package dev.cambium.golden;

import java.util.Map;

/**
 * One golden case. {@code gradients} holds, by input, the gradient of the sum over all outputs that have a cotangent of
 * sum(output · cotangent).
 *
 * @param settings the operation's settings: strings, booleans, numbers and lists of numbers
 */
record Case(String name, Map<String, Object> settings, Map<String, Values> inputs, Map<String, Values> outputs,
        Map<String, Values> cotangents, Map<String, Values> gradients) {}
