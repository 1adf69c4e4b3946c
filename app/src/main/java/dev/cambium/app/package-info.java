/**
 * The program's entry point, and nothing else: commands, wiring, run folders and what is shown have packages of their own.
 */
package dev.cambium.app;
