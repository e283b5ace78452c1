package io.github.clpool.backend;

import io.github.clpool.tensor.Require;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What computes. Immutable.
 *
 * @param backend {@code opencl}, {@code jvm} or {@code reference}
 * @param name the device's name, as selections show it
 * @param kind what it is
 * @param computeUnits the number of compute units; of the JVM that of its processors
 * @param memory the device's memory in bytes; of the JVM that of its heap
 * @param maxAllocation the largest tensor in bytes
 * @param maxWorkGroup the most work-items of a work-group; 1 on the JVM
 * @param localMemory the local memory of a work-group in bytes; 0 on the JVM
 * @param arithmetic what a self-test found, sentence by subject, in the order in which it is told;
 *     empty on the JVM, whose arithmetic is the specification's
 */
public record Device(
    String backend,
    String name,
    Kind kind,
    int computeUnits,
    long memory,
    long maxAllocation,
    long maxWorkGroup,
    long localMemory,
    Map<String, String> arithmetic) {
  /** What a device is. */
  public enum Kind {
    /** A processor that runs a work-item at a time, with vectors inside it. */
    CPU,
    /** A processor that runs many work-items side by side. */
    GPU,
    /** A simulator that checks every access; slow. */
    SIMULATOR,
    /** The Java virtual machine. */
    JVM
  }

  /**
   * Copies the map, in its order.
   *
   * @param backend {@code opencl}, {@code jvm} or {@code reference}
   * @param name the device's name
   * @param kind what it is
   * @param computeUnits the number of compute units
   * @param memory the device's memory in bytes
   * @param maxAllocation the largest tensor in bytes
   * @param maxWorkGroup the most work-items of a work-group
   * @param localMemory the local memory of a work-group in bytes
   * @param arithmetic what a self-test found
   */
  public Device {
    Require.present("backend", backend);
    Require.present("name", name);
    Require.present("kind", kind);
    Require.present("arithmetic", arithmetic);
    arithmetic = Collections.unmodifiableMap(new LinkedHashMap<>(arithmetic));
  }
}
