/**
 * What a person sees in the terminal: styles, tables, the live progress of training, pictures made of characters. It knows
 * nothing of options, files or backends.
 */
package dev.cambium.app.terminal;
