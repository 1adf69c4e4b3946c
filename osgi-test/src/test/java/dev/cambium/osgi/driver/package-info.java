/** The test's own bundle, which trains inside the framework. The test itself, which starts the framework, lives outside. */
@org.jspecify.annotations.NullMarked
package dev.cambium.osgi.driver;
