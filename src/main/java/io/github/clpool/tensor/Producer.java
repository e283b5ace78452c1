package io.github.clpool.tensor;

/**
 * What computed a tensor. Immutable.
 *
 * @param backend the backend's name: {@code reference}, {@code jvm} or {@code opencl}
 * @param device the device's name
 * @param implementation the implementation that ran, as {@code explain} lists it
 */
public record Producer(String backend, String device, String implementation) {
  /**
   * Checks that nothing is missing.
   *
   * @param backend the backend's name: {@code reference}, {@code jvm} or {@code opencl}
   * @param device the device's name
   * @param implementation the implementation that ran, as {@code explain} lists it
   */
  public Producer {
    Require.present("backend", backend);
    Require.present("device", device);
    Require.present("implementation", implementation);
  }

  @Override
  public String toString() {
    return backend + "/" + implementation + " on " + device;
  }
}
