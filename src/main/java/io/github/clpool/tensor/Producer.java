package io.github.clpool.tensor;

/**
 * What computed a tensor. Immutable.
 *
 * @param backend the backend's name: {@code reference}, {@code jvm} or {@code opencl}
 * @param device the device's name
 * @param implementation the implementation that ran, as {@code explain} lists it
 */
public record Producer(String backend, String device, String implementation) {
  @Override
  public String toString() {
    return backend + "/" + implementation + " on " + device;
  }
}
