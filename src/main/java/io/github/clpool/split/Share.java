package io.github.clpool.split;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * What a device computes of a batch. Immutable.
 *
 * @param device the device's number
 * @param first its first batch position
 * @param count how many there are from that on
 */
record Share(int device, long first, long count) {
  /**
   * Splits a batch so that it is done as early as can be: each position goes where it would be
   * finished first. No device gets less than its proportion, rounded down.
   *
   * @param batch how many positions there are
   * @param speeds how many of them each device computes in some time, 0 if it must get none
   * @return the shares that are not empty, in the order of the devices
   */
  static List<Share> of(long batch, double... speeds) {
    double total = DoubleStream.of(speeds).sum();
    long[] counts = new long[speeds.length];
    Arrays.setAll(counts, device -> (long) (batch * (speeds[device] / total)));
    long left = batch - Arrays.stream(counts).sum();
    for (; left > 0; left--) {
      int soonest = 0;
      for (int device = 1; device < speeds.length; device++) {
        if (speeds[device] * (counts[soonest] + 1) > speeds[soonest] * (counts[device] + 1)) {
          soonest = device;
        }
      }
      counts[soonest]++;
    }
    List<Share> shares = new ArrayList<>();
    long first = 0;
    for (int device = 0; device < counts.length; device++) {
      if (counts[device] > 0) {
        shares.add(new Share(device, first, counts[device]));
        first += counts[device];
      }
    }
    return shares;
  }

  /** The same split where one device computes everything. */
  static List<Share> whole(int device, long batch) {
    return List.of(new Share(device, 0, batch));
  }
}
