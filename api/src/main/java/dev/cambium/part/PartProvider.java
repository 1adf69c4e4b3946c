package dev.cambium.part;

import static dev.cambium.Stability.Level.STABLE;

import java.util.List;

import dev.cambium.Stability;

/**
 * The service through which a jar offers its parts, found with {@link java.util.ServiceLoader}: declare it in
 * {@code module-info.java} ({@code provides dev.cambium.part.PartProvider with …}) and in
 * {@code META-INF/services/dev.cambium.part.PartProvider}. Stock parts have no other door.
 */
@Stability(value = STABLE, since = "0.1")
public interface PartProvider {
    /** The parts of this jar, usually {@code List.of(PartType.of(Swish.class), …)}. */
    List<PartType<?>> parts();
}
