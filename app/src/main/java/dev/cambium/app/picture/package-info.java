/**
 * Pictures: a photographed or drawn digit made into a network's input, and the PNG files of a run. Nothing of it is loaded before
 * a picture is read or drawn; characters in the terminal are {@code dev.cambium.app.terminal}'s.
 */
package dev.cambium.app.picture;
