package io.github.clpool.cli;

/**
 * A figure's times. Immutable.
 *
 * @param implementation what computed it
 * @param seconds the median of the call, by the device's clock where that is asked for
 * @param wall the median of the call by the host's clock
 * @param bytes what a call reads and writes
 * @param yardstick the median of what it is compared with, by the same clock as {@code seconds}
 */
record Measurement(
    String implementation, double seconds, double wall, long bytes, double yardstick) {
  double ratio() {
    return yardstick / seconds;
  }

  double speed() {
    return bytes / seconds;
  }

  double yardstickSpeed() {
    return bytes / yardstick;
  }
}
