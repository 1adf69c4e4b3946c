package dev.cambium.part;

import static dev.cambium.Stability.Level.STABLE;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import dev.cambium.Stability;

/** Documents one component of a {@link Part} record: its meaning, its default and its range. */
@Stability(value = STABLE, since = "0.1")
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {
    /** The value of {@link #defaultValue} that marks a setting as required. */
    String REQUIRED = "\0required";

    /** What it means, in one line, with its unit where it has one. */
    String doc();

    /** The default, as a person would write it; without one the setting is required. */
    String defaultValue() default REQUIRED;

    /** The smallest number allowed. */
    double min() default Double.NEGATIVE_INFINITY;

    /** The largest number allowed. */
    double max() default Double.POSITIVE_INFINITY;
}
