/**
 * The commands: their options and what a wrong one is answered. Each is a small class that hands over to the other packages.
 */
package dev.cambium.app.command;
