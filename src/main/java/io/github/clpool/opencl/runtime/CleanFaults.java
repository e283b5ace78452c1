package io.github.clpool.opencl.runtime;

import java.nio.IntBuffer;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Numbers on the device by which kernels say that something is wrong. One that a run left as it was
 * serves the next. Thread-safe.
 */
final class CleanFaults {
  private static final int NO_FAULT = -1; // 2^32 - 1 as a uint

  private final Memory memory;
  private final Transfers transfers;
  private final ConcurrentLinkedDeque<Memory.Allocation> clean = new ConcurrentLinkedDeque<>();

  CleanFaults(Memory memory, Transfers transfers) {
    this.memory = memory;
    this.transfers = transfers;
  }

  Memory.Allocation take() {
    Memory.Allocation kept = clean.poll();
    return kept != null ? kept : memory.make(NO_FAULT);
  }

  /** Waits for the kernels that were given it, and returns the least of what they wrote. */
  OptionalLong read(Memory.Allocation fault) {
    int[] least = new int[1];
    transfers.read(fault.mem(), 0, IntBuffer.wrap(least));
    return least[0] == NO_FAULT
        ? OptionalLong.empty()
        : OptionalLong.of(Integer.toUnsignedLong(least[0]));
  }

  /** Takes back one that was read and found empty. */
  void keep(Memory.Allocation fault) {
    clean.push(fault);
  }

  void close() {
    clean.forEach(memory::free);
  }
}
