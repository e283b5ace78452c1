package io.github.clpool.backend;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * Choices that are normally the backend's. They change the speed, never a bit of a result.
 * Immutable.
 *
 * @param implementation the only implementation to use, or empty for the first that accepts
 * @param workGroupSize the number of work-items of a work-group, or empty for the plan's choice;
 *     the JVM ignores it
 */
public record Preference(Optional<String> implementation, OptionalInt workGroupSize) {
  /** Everything is the backend's choice. */
  public static final Preference NONE = new Preference(Optional.empty(), OptionalInt.empty());

  /**
   * Asks for one implementation.
   *
   * @param name its name
   * @return the preference
   */
  public static Preference implementation(String name) {
    return new Preference(Optional.of(name), OptionalInt.empty());
  }

  /**
   * Asks for a work-group size too.
   *
   * @param size the number of work-items
   * @return the changed copy
   */
  public Preference withWorkGroupSize(int size) {
    return new Preference(implementation, OptionalInt.of(size));
  }
}
