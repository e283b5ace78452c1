package io.github.clpool.cli;

import io.github.clpool.op.Pool;
import io.github.clpool.op.Window;
import io.github.clpool.parity.Case;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

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
  private static final int FEW_CELLS = 9;

  /** Others' numbers take longer to compute than to move. */
  private static final Set<String> MOVING =
      Set.of("max", "min", "sum", "avg", "max_unpool", "s3_pool", "roi_pool", "roi_align");

  /** Why there is no target. */
  enum NoTarget {
    /** Arithmetic is the limit, not memory. */
    ARITHMETIC,
    /** It is measured to be watched only. */
    WATCHED;

    /** The mark in the column of targets. */
    String mark() {
      return "-" + name().substring(0, 1).toLowerCase(Locale.ROOT);
    }
  }

  Optional<NoTarget> noTarget() {
    if (target > 0) {
      return Optional.empty();
    }
    boolean computes =
        !MOVING.contains(subject.operator().name())
            || subject.operator() instanceof Pool pool
                && pool.regions() instanceof Window window
                && window.kernel().get(0) * window.kernel().get(0) > FEW_CELLS;
    return Optional.of(computes ? NoTarget.ARITHMETIC : NoTarget.WATCHED);
  }

  /** The target, or the mark that says why there is none. */
  String goal() {
    return noTarget().map(NoTarget::mark).orElse(String.format(Locale.ROOT, "%.2f", target));
  }

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
    BARE_CALL,
    /** So are many in a row, waited for together. */
    BARE_CALLS
  }
}
