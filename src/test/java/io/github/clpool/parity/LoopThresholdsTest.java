package io.github.clpool.parity;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Pooling;
import io.github.clpool.TestDevices;
import io.github.clpool.backend.Preference;
import io.github.clpool.backend.Verdict;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * On a device that ends long loops, the largest call of each kind that an implementation takes: one
 * loop more than was counted and some results were never written.
 */
class LoopThresholdsTest {
  private static final List<String> CALLS =
      List.of(
          "max global on 1x1x1x%1$d",
          "avg global on 1x1x1x%1$d FLOAT16",
          "sum global on %1$dx1x1x2",
          "max global on 1x9x1x%1$d NHWC",
          "avg global on 1x2x1x%1$d NHWC backward",
          "avg global on 1x1x%1$dx40",
          "soft window=1x%1$d stride=1 on 1x1x2x%1$d",
          "soft global on 1x1x%1$dx1 backward",
          "max window=1x2 stride=1 on 1x1x3x%1$d indices",
          "avg window=3x1 stride=1 on 1x1x%1$dx3 backward",
          "max window=2x1 on 1x1x%1$dx2 backward",
          "stochastic window=1 on %1$dx1x1x1 seed=4",
          "max fractional=2 outputSize=4 on %1$dx1x8x8 backward seed=3",
          "avg adaptive=3x1 on 1x1x%1$dx4 backward",
          "mix alpha window=2 on %1$dx1x2x2 backward",
          "max_unpool window=2 on %1$dx1x1x1",
          "max_unpool window=2 distinct on 1x1x1x%1$d");

  /** Others have no long loops in these. */
  private static final Set<String> LIMITED = Set.of("direct", "group", "window_rows");

  private static final int LEAST = 64;
  private static final int MOST = 1 << 18;

  @Test
  void theLargestThatAreTakenAreRight() {
    Assumptions.assumeTrue(TestDevices.openCl().equals("llvmpipe"), "no device that ends loops");
    Set<String> limited = new TreeSet<>();
    try (Pooling reference = Pooling.open(DevicePolicy.REFERENCE);
        Pooling device = TestDevices.open(TestDevices.openCl())) {
      for (String text : CALLS) {
        for (Verdict verdict : device.explain(Case.parse(text.formatted(LEAST)).problem())) {
          String implementation = verdict.implementation();
          int largest = largest(device, text, implementation);
          if (largest > LEAST && largest < MOST) {
            Preference wish = Preference.implementation(implementation);
            Outcome outcome;
            do {
              Case call = Case.parse(text.formatted(largest));
              outcome = Parity.check(call, reference, device, wish);
              largest = largest / 4 * 3; // a built kernel may take smaller work-groups than most
            } while (outcome.toString().contains("ends a work-item's loops"));
            assertTrue(outcome.matches(), outcome::toString);
            limited.add(implementation);
          }
        }
      }
    }
    assertTrue(limited.containsAll(LIMITED), limited::toString);
  }

  /** The largest size that an implementation takes, of those that are tried. */
  private static int largest(Pooling device, String text, String implementation) {
    int taken = LEAST;
    int refused = MOST + 1;
    while (refused - taken > 1) {
      int size = (int) (((long) taken + refused) / 2);
      if (accepts(device, text.formatted(size), implementation)) {
        taken = size;
      } else {
        refused = size;
      }
    }
    return taken;
  }

  private static boolean accepts(Pooling device, String text, String implementation) {
    return device.explain(Case.parse(text).problem()).stream()
        .anyMatch(verdict -> verdict.accepted() && verdict.implementation().equals(implementation));
  }
}
