/**
 * Fetches jars as the user's Maven would: its settings, its local repository, its mirrors and proxies. The jars of Maven share
 * packages, which modules may not, so this is no module; the app loads it beside itself, and only when something is to be fetched.
 */
@org.jspecify.annotations.NullMarked
package dev.cambium.maven;
