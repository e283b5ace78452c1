package io.github.clpool.backend;

/** A plan of the JVM: everything about a problem is decided but the values. Thread-safe. */
@FunctionalInterface
public interface Computation {
  /**
   * Computes.
   *
   * @param arguments tensors whose storage is {@link HeapStorage}
   */
  void run(Arguments arguments);
}
