package dev.cambium.part;

import static dev.cambium.Stability.Level.STABLE;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import dev.cambium.Stability;

/**
 * Names and describes a part: a record that implements {@code Layer}, {@code Loss}, {@code Metric}, {@code Optimizer} or
 * {@code Dataset}. Its components are its settings, each with a {@link Setting}.
 */
@Stability(value = STABLE, since = "0.1")
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Part {
    /** The name in experiment files and on the command line: lower-case words joined by hyphens, such as {@code max-pool2d}. */
    String name();

    /** What it does, in one line. */
    String description();
}
