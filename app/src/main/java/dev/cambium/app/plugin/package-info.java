/**
 * Plugins that are dropped into a folder: what lies in one, whether it fits this platform, and how it is loaded apart from all
 * others. What parts are is {@code dev.cambium.part}'s business; where backends come from that are added to an installation is told in
 * {@code dev.cambium.app.addon}.
 */
package dev.cambium.app.plugin;
