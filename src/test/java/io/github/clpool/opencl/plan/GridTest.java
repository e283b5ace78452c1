package io.github.clpool.opencl.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.backend.Chooser;
import io.github.clpool.backend.Preference;
import io.github.clpool.op.Problem;
import io.github.clpool.opencl.implementations.OpenClImplementations;
import io.github.clpool.parity.Case;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GridTest {
  /** What NVIDIA's devices take along the second and the third dimension. */
  private static final long MOST_GROUPS = 65_535;

  private static final long SEED = Long.getLong("clpool.test.seed", 20_261_127);

  /** {@code quotient} of {@code lib/planes.clh}, in Java. */
  private static int quotient(int number, int... magic) {
    long twice = Integer.toUnsignedLong(number + number);
    return (int) (twice * Integer.toUnsignedLong(magic[1]) >>> Integer.SIZE >>> magic[2]);
  }

  private static void check(int number, int divisor, int... magic) {
    assertEquals(
        number / divisor,
        quotient(number, magic),
        () -> number + " / " + divisor + ", seed " + SEED);
  }

  @Test
  void magicNumbersDivideEveryNumberBelow2To31() {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < 200_000; i++) {
      int divisor = 1 + (random.nextInt() & Integer.MAX_VALUE) / (1 << random.nextInt(31));
      if (divisor <= 0) {
        continue;
      }
      int[] magic = Grid.divisors(divisor).words();
      int number = random.nextInt() & Integer.MAX_VALUE;
      check(number, divisor, magic);
      check(Integer.MAX_VALUE, divisor, magic);
      check(0, divisor, magic);
      int multiple = number / divisor * divisor;
      check(multiple, divisor, magic);
      if (multiple > 0) {
        check(multiple - 1, divisor, magic);
      }
    }
  }

  @Test
  void imagesThatDoNotFitGoIntoRows() {
    Grid small = new Grid(1 << 10, 1 << 10, 1 << 10, false);
    assertFalse(small.isLarge());
    assertEquals(List.of(1L << 30), small.global());
    Grid large = new Grid(1 << 10, 1 << 10, (1 << 10) + 1, true);
    assertTrue(large.isLarge());
    assertEquals(List.of(1L << 30, 2L), large.global());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "max window=2",
        "max window=3 stride=2 padding=1",
        "avg window=3 stride=1 padding=1",
        "min global",
        "median window=3",
        "soft window=2",
        "gem window=2",
        "mix alpha window=2",
        "lp p=2 adaptive=2",
        "max fractional=2 outputSize=2",
        "max_unpool window=2",
        "soft_gate",
        "s3_pool grid=4 window=2 inference",
      })
  void noDimensionHasMoreGroupsThanADeviceTakes(String operator) {
    for (String layout : List.of("", " NHWC")) {
      for (String way : List.of("", " backward")) {
        Problem problem = Case.parse(operator + " on 300x300x4x4" + layout + way).problem();
        DeviceProfile device = DeviceProfile.genericGpu();
        LaunchPlan plan =
            new Chooser<>(device, OpenClImplementations.of(problem.operator(), device.kind()))
                .choose(problem, Preference.NONE)
                .plan(problem, device);
        for (Launch launch : plan.launches()) {
          for (int i = 1; i < launch.global().size(); i++) {
            long groups = (launch.global().get(i) - 1) / launch.local().get(i) + 1;
            assertTrue(groups <= MOST_GROUPS, () -> problem + ": " + launch);
          }
        }
      }
    }
  }
}
