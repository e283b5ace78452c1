package io.github.clpool.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.Pooling;
import io.github.clpool.TestDevices;
import java.util.List;

/**
 * Random calls on a device of the run, every implementation that takes a call forced in turn, odd
 * work-groups among them, against the reference. {@code -Dclpool.test.seed} and {@code
 * -Dclpool.test.cases} draw others.
 */
final class DeviceParity {
  static final long SEED = Long.getLong("clpool.test.seed", 20_251_124);

  private DeviceParity() {}

  /** How many cases a device runs: as many as are asked for, or those that are usual. */
  static int cases(String device, int usual, int llvmpipe, int oclgrind) {
    return Integer.getInteger(
        "clpool.test.cases",
        switch (device) {
          case "oclgrind" -> oclgrind;
          case "llvmpipe" -> llvmpipe;
          default -> usual;
        });
  }

  /** Compiling is what takes time: few templates. */
  static RandomCases.Limits limits(String device) {
    return device.equals("oclgrind")
        ? RandomCases.Limits.SMALL
        : new RandomCases.Limits(RandomCases.Limits.FULL.work(), 12);
  }

  static ParityReport check(
      Pooling device, List<String> operators, int cases, RandomCases.Limits limits) {
    ParityReport report =
        Parity.of(operators.toArray(String[]::new))
            .limits(limits)
            .cases(cases)
            .seed(SEED)
            .check(device);
    if (report.mismatches() > 0) {
      report.assertEqual();
    }
    String where =
        device.selection().backend().equals("opencl")
            ? device.selection().device()
            : device.selection().backend();
    for (ParityReport.Row row : report.rows()) {
      assertEquals(where, row.device());
    }
    // llvmpipe ends long loops, and what may have them is refused: long graphs, large boxes.
    boolean endsLoops = TestDevices.endsLoops(device);
    long mayBeRefused = endsLoops ? 5 + cases / 50 : 0;
    assertTrue(report.refused() <= mayBeRefused, () -> report.refused() + " refused of " + report);
    assertTrue(report.checks() >= cases - report.refused(), report::toString);
    System.out.println("cases on " + where + ", seed " + SEED + ": " + report.drawn());
    return report;
  }
}
