package dev.cambium.data;

/** The examples to learn from and the examples to be judged by. */
public record Splits(Examples train, Examples test) {}
