/** The platform's jars in an OSGi framework. What runs inside the framework lives in the package {@code driver}. */
@org.jspecify.annotations.NullMarked
package dev.cambium.osgi;
