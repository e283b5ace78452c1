package io.github.clpool.backend;

import io.github.clpool.tensor.Producer;

/**
 * A problem that a backend is ready to compute: everything is decided but the values. Thread-safe.
 * Must be closed; closing waits for nobody, runs that began before go on. What is garbage collected
 * unclosed is released and reported as tensors are, but {@code Handles.live()} counts no plans:
 * most are kept by a pooling, which closes them.
 */
public interface Plan extends AutoCloseable {
  /**
   * What computes the results.
   *
   * @return backend, device and implementation
   */
  Producer producer();

  /**
   * Computes, or starts to, unless the plan is closed: results are there once a read of them, or
   * {@link Backend#finish}, returns. Bad data that only kernels can find is thrown there, too.
   *
   * @param arguments the problem's tensors, all of this backend and of the problem's shapes
   * @return false if the plan was closed before, so that nothing happened
   */
  boolean tryRun(Arguments arguments);

  /**
   * Computes, or starts to.
   *
   * @param arguments as those of {@link #tryRun}
   * @throws IllegalStateException if the plan is closed
   */
  default void run(Arguments arguments) {
    if (!tryRun(arguments)) {
      throw new IllegalStateException("plan of " + producer() + " is closed");
    }
  }

  /** Frees what the plan holds once nobody runs it any more; further calls do nothing. */
  @Override
  void close();
}
