/**
 * The command line: commands, their options, and what a person sees while a network learns. Nothing here computes;
 * backends, datasets and models are found as services and named by the user.
 */
package dev.cambium.app;
