/** The first files of a plugin's project, written from templates. What plugins are found and run is no concern of this package. */
package dev.cambium.app.scaffold;
