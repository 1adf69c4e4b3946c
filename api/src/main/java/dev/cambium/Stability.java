package dev.cambium;

import static dev.cambium.Stability.Level.STABLE;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** How much those who use a type, and the types nested in it, can rely on it. Every public type of the api says so. */
@Stability(value = STABLE, since = "0.1")
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface Stability {
    /** What is promised. */
    Level value();

    /** The version of the api that the promise holds from, such as {@code 0.1}. */
    String since();

    /** The promises, strongest first. */
    enum Level {
        /**
         * Code that is compiled against one version works with all later ones of the same major version; while that is 0, of the
         * same minor version.
         */
        STABLE,
        /** Made to be used, but any version may change it or take it away; the changelog tells. */
        EXPERIMENTAL,
        /** Public for technical reasons alone; not to be used outside the platform. */
        INTERNAL
    }
}
