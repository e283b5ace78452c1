package io.github.clpool.opencl.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.backend.Chooser;
import io.github.clpool.backend.Preference;
import io.github.clpool.backend.Verdict;
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

  /** Operators whose elements are counted in one dimension. */
  private static final List<String> FLAT =
      List.of("soft_gate", "s3_pool grid=4 window=2 inference");

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
  void whatDoesNotFitGoesIntoRows() {
    Grid small = new Grid(1 << 10, 1 << 10, 1 << 10, false, 1);
    assertFalse(small.isLarge());
    assertEquals(List.of(1L << 30), small.global());
    Grid large = new Grid(1 << 10, 1 << 10, (1 << 10) + 1, true, 1);
    assertTrue(large.isLarge());
    assertEquals(List.of(1L << 30, 2L), large.global());
    Grid planes = new Grid(1 << 10, 1 << 15, 1, false, 64);
    assertEquals(List.of(1L << 30, 2L), planes.global());
    assertEquals(List.of(0L), new Grid(9, 9, 0, false, 1).global());
  }

  /** What {@code native-tests/addresses.c} goes up to. */
  @Test
  void whatKernelsCannotNumberIsRefused() {
    int most = Integer.MAX_VALUE;
    assertEquals(List.of(1L << 30, 2L), new Grid(1, 1, most, true, 1).global());
    assertEquals(List.of((long) most), new Grid(most, 1, 1, false, 1).global());
    assertEquals(
        "batch is 1048576 of 2048 channels each, but kernels number less than 2^31 planes",
        refusal(new long[] {1, 2048, 1 << 20, 1}, true));
    assertEquals(
        "batch is 1048576 of 2048 channels each, but kernels number less than 2^31 planes",
        refusal(new long[] {1, 2048, 1 << 20, 1}, false));
    assertEquals(
        "an image takes 1048576 cells of 2048 channels, of 1 work-items each, but kernels number"
            + " less than 2^31",
        refusal(new long[] {1 << 20, 2048, 1, 1}, true));
    assertEquals(
        "a plane takes 1073741824 cells, of 4 work-items each, but kernels number less than 2^31",
        refusal(new long[] {1 << 30, 8, 1, 4}, false));
  }

  private static String refusal(long[] sizes, boolean channelsLast) {
    return assertThrows(
            IllegalArgumentException.class,
            () -> new Grid(sizes[0], sizes[1], sizes[2], channelsLast, sizes[3]))
        .getMessage();
  }

  /** Teams are too many to be numbered; work-items alone are not. */
  @Test
  void whatCannotBeNumberedIsRefusedSoThatAnotherImplementationIsAsked() {
    DeviceProfile device = DeviceProfile.genericGpu();
    Problem problem = Case.parse("avg window=33 on 1x1x1181116002").problem();
    Chooser<DeviceProfile, OpenClImplementation> chooser =
        new Chooser<>(device, OpenClImplementations.of(problem, device.kind()));
    assertEquals("direct", chooser.choose(problem, Preference.NONE).name());
    assertTrue(
        chooser.explain(problem).stream()
            .map(Verdict::toString)
            .anyMatch(
                ("group: refuses, a plane takes 35791394 cells, of 64 work-items each, but kernels"
                        + " number less than 2^31")
                    ::equals),
        () -> "" + chooser.explain(problem));
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
    DeviceProfile device = DeviceProfile.genericGpu();
    int checks = 0;
    for (String shape : List.of(" on 300x300x4x4", " on 9000x300x32x32")) { // the last goes in rows
      for (String way : List.of("", " NHWC", " backward", " NHWC backward")) {
        Problem problem = Case.parse(operator + shape + way).problem();
        for (OpenClImplementation each : OpenClImplementations.of(problem, device.kind())) {
          if (each.accepts(problem, device).accepted()) {
            checks += check(problem, each.plan(problem, device));
          }
        }
      }
    }
    assertEquals(!FLAT.contains(operator), checks > 0, "launches of more dimensions");
  }

  /** Returns how many dimensions were checked. */
  private static int check(Problem problem, LaunchPlan plan) {
    int checks = 0;
    for (Launch launch : plan.launches()) {
      for (int i = 1; i < launch.global().size(); i++) {
        long groups = (launch.global().get(i) - 1) / launch.local().get(i) + 1;
        assertTrue(groups <= MOST_GROUPS, () -> problem + ": " + launch);
        checks++;
      }
    }
    return checks;
  }
}
