/**
 * Plugins that are dropped into a folder: what lies in one, whether it fits this platform, and how it is loaded apart from all
 * others. What parts are is {@code dev.cambium.part}'s business; backends that are added to an installation are in
 * {@code dev.cambium.app.addon}.
 */
package dev.cambium.app.plugin;
