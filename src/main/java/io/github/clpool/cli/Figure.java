package io.github.clpool.cli;

import io.github.clpool.parity.Case;

/**
 * A speed that the benchmark measures. Immutable.
 *
 * @param name what it is called
 * @param subject the call
 * @param onJvm whether the JVM path computes it, whatever the device
 * @param yardstick what its time is compared with
 * @param target the least ratio of the yardstick's time and its own that is good, or 0 for none
 */
record Figure(String name, Case subject, boolean onJvm, Yardstick yardstick, double target) {
  /** What a time is compared with. */
  enum Yardstick {
    /** A copy of as many bytes. */
    COPY,
    /** The same reduction over windows of 3x3. */
    SMALL_WINDOW,
    /** The forward call of a gradient. */
    FORWARD,
    /** The reference. */
    REFERENCE,
    /** The same kernel by bare OpenCL calls; on the JVM 100 microseconds. */
    BARE_CALL
  }
}
