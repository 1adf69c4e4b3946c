package dev.cambium.part;

import java.util.List;

/**
 * The service through which a jar offers its parts, found with {@link java.util.ServiceLoader}: declare it in
 * {@code module-info.java} ({@code provides dev.cambium.part.PartProvider with …}) and in
 * {@code META-INF/services/dev.cambium.part.PartProvider}. Stock parts have no other door.
 */
public interface PartProvider {
    /** The parts of this jar, usually {@code List.of(PartType.of(Swish.class), …)}. */
    List<PartType<?>> parts();
}
