package dev.cambium.data;

import static dev.cambium.Stability.Level.STABLE;

import dev.cambium.Stability;

/** The examples to learn from and the examples to be judged by. */
@Stability(value = STABLE, since = "0.1")
public record Splits(Examples train, Examples test) {}
