/**
 * Experiments in files: what can stand in one, how it is read with every mistake found at once, and what describes it to people and
 * editors. How an experiment is carried out is {@code dev.cambium.app.wiring}'s and {@code dev.cambium.app.command}'s business.
 */
package dev.cambium.app.experiment;
