package io.github.clpool.backend;

import io.github.clpool.tensor.Require;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Choices that are normally the backend's. They change the speed, never a bit of a result.
 * Immutable.
 *
 * @param implementation the only implementation to use, or empty for the first that accepts
 * @param workGroupSize the number of work-items of a work-group, all along the first dimension, or
 *     empty for the plan's choice; as many as the device takes; the JVM ignores it, and so do
 *     kernels whose algorithm depends on it
 */
public record Preference(Optional<String> implementation, OptionalInt workGroupSize) {
  /** Everything is the backend's choice. */
  public static final Preference NONE = new Preference(Optional.empty(), OptionalInt.empty());

  /**
   * Checks the size.
   *
   * @param implementation the only implementation to use, or empty
   * @param workGroupSize the number of work-items of a work-group, at least 1, or empty
   * @throws IllegalArgumentException if the size is below 1
   */
  public Preference {
    Require.present("implementation", implementation);
    Require.present("workGroupSize", workGroupSize);
    workGroupSize.ifPresent(size -> Require.atLeast("work-group size", size, 1));
  }

  /**
   * Asks for one implementation.
   *
   * @param name its name
   * @return the preference
   */
  public static Preference implementation(String name) {
    return new Preference(
        Optional.of(Require.present("implementation", name)), OptionalInt.empty());
  }

  /**
   * Asks for a work-group size too.
   *
   * @param size the number of work-items
   * @return the changed copy
   * @throws IllegalArgumentException if the size is below 1
   */
  public Preference withWorkGroupSize(int size) {
    return new Preference(implementation, OptionalInt.of(size));
  }
}
