package io.github.clpool.opencl;

import static io.github.clpool.opencl.plan.DeviceProfile.NO_LIMIT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.backend.DeviceException;
import io.github.clpool.opencl.device.OpenClDevice;
import io.github.clpool.opencl.device.SelfTest;
import io.github.clpool.opencl.device.SelfTestCases;
import io.github.clpool.opencl.device.SelfTestVerdicts;
import io.github.clpool.opencl.plan.DeviceProfile.Rounding;
import io.github.clpool.opencl.runtime.OpenClBackend;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The self-test is given devices that compute wrongly; then it is run on the real one. */
class SelfTestTest {
  private static final int COUNT = SelfTestCases.COUNT;
  private static final int COMPARE = 9; // rows of results
  private static final int HIGH_HALF = 10;
  private static final int DOUBLES = 12;

  private final float[][] operands = SelfTestCases.floats();
  private final int[] results = javaResults();

  private int[] javaResults() {
    int[] bits = new int[14 * COUNT];
    for (int i = 0; i < COUNT; i++) {
      float a = operands[0][i];
      float b = operands[1][i];
      float c = operands[2][i];
      float root = (float) Math.sqrt(a);
      float[] rows = {
        a / b, root, Math.fma(a, b, c), a + b, a - b, a * b, a * b + c, a * b + c, a * b - c
      };
      for (int row = 0; row < rows.length; row++) {
        bits[row * COUNT + i] = Float.floatToRawIntBits(rows[row]);
      }
      bits[COMPARE * COUNT + i] = (a < b ? 1 : 0) + (a == b ? 2 : 0);
      long product =
          (Float.floatToRawIntBits(a) & 0xffffffffL) * (Float.floatToRawIntBits(b) & 0xffffffffL);
      bits[HIGH_HALF * COUNT + i] = (int) (product >>> 32);
      bits[(HIGH_HALF + 1) * COUNT + i] = (int) (product >>> 32);
      bits[DOUBLES * COUNT + i] = Float.floatToRawIntBits(a / b);
      bits[(DOUBLES + 1) * COUNT + i] = Float.floatToRawIntBits(root);
    }
    return bits;
  }

  private SelfTestVerdicts verdicts(boolean hasDouble) {
    return SelfTestVerdicts.of("device", operands, results, hasDouble, NO_LIMIT);
  }

  private void change(int row, java.util.function.IntUnaryOperator toBits) {
    for (int i = 0; i < COUNT; i++) {
      results[row * COUNT + i] = toBits.applyAsInt(i);
    }
  }

  @Test
  void aRightDeviceUsesItsOwnOperations() {
    assertEquals(
        new SelfTestVerdicts(
            true, Rounding.NATIVE, Rounding.NATIVE, true, true, true, false, NO_LIMIT),
        verdicts(true));
  }

  @Test
  void divisionByReciprocalIsCaught() {
    change(0, i -> Float.floatToRawIntBits(operands[0][i] * (1 / operands[1][i])));
    assertEquals(Rounding.DOUBLE, verdicts(true).division());
    assertEquals(Rounding.NATIVE, verdicts(true).squareRoot());
    assertEquals(Rounding.INTEGER, verdicts(false).division());
  }

  @Test
  void aDivisionThatTruncatesMiddlesIsCaught() {
    // Right but for exact middles below the normal range, which no larger quotient has.
    change(
        0,
        i -> {
          double exact = (double) operands[0][i] / operands[1][i];
          float rounded = operands[0][i] / operands[1][i];
          double step = Math.ulp(rounded);
          boolean middle = Math.abs(Math.abs(exact - rounded) - step / 2) == 0 && step > 0;
          float changed =
              middle && Math.abs(rounded) > Math.abs(exact)
                  ? rounded - Math.copySign((float) step, rounded)
                  : rounded;
          return Float.floatToRawIntBits(changed);
        });
    assertEquals(Rounding.DOUBLE, verdicts(true).division());
  }

  @Test
  void aRootThatIsOffByOneBitIsCaught() {
    int[] sure = IntStream.range(0, COUNT).filter(i -> operands[0][i] > 1).limit(1).toArray();
    results[COUNT + sure[0]]++;
    assertEquals(Rounding.DOUBLE, verdicts(true).squareRoot());
    results[(DOUBLES + 1) * COUNT + sure[0]]++;
    assertEquals(Rounding.INTEGER, verdicts(true).squareRoot());
  }

  @Test
  void flushedSubnormalsAreCaught() {
    for (int row = 3; row <= 8; row++) {
      int first = row * COUNT;
      change(
          row,
          i -> {
            float value = Float.intBitsToFloat(results[first + i]);
            return Math.abs(value) < Float.MIN_NORMAL
                ? results[first + i] & Integer.MIN_VALUE
                : results[first + i];
          });
    }
    assertFalse(verdicts(true).keepsSubnormals());
    assertTrue(verdicts(true).exactFma());
  }

  @Test
  void anFmaInTwoStepsIsCaughtEverywhereAndOneNearSubnormalsApart() {
    change(
        2,
        i -> {
          float fma = Float.intBitsToFloat(results[2 * COUNT + i]);
          boolean subnormal = fma != 0 && Math.abs(fma) < Float.MIN_NORMAL;
          return Float.floatToRawIntBits(subnormal ? 0 : fma);
        });
    assertTrue(verdicts(true).exactFma());
    assertFalse(verdicts(true).exactSubnormalFma());
    change(2, i -> Float.floatToRawIntBits(operands[0][i] * operands[1][i] + operands[2][i]));
    assertFalse(verdicts(true).exactFma());
  }

  @Test
  void aDeviceThatCannotAddIsRefused() {
    int sure =
        IntStream.range(0, COUNT)
            .filter(i -> operands[0][i] == 1 && operands[1][i] == -3)
            .findFirst()
            .orElseThrow();
    results[3 * COUNT + sure] = 0;
    Exception refused = assertThrows(DeviceException.class, () -> verdicts(true));
    assertTrue(
        refused
            .getMessage()
            .contains("a + b gives bits 00000000, not c0000000, for a = 1.0, b = -3.0, c = "),
        refused::getMessage);
  }

  /** In scalars, and in vectors. */
  @ParameterizedTest
  @ValueSource(ints = {6, 7, 8})
  void aCompilerThatFusesProductsAndSumsIsRefused(int row) {
    float sign = row == 8 ? -1 : 1;
    change(
        row,
        i ->
            Float.floatToRawIntBits(
                Math.fma(operands[0][i], operands[1][i], sign * operands[2][i])));
    Exception refused = assertThrows(DeviceException.class, () -> verdicts(true));
    assertTrue(
        refused.getMessage().endsWith(": it is rounded once, in spite of FP_CONTRACT OFF"),
        refused::getMessage);
  }

  /** As a driver did: a carry of the lower halves is lost. */
  @ParameterizedTest
  @ValueSource(ints = {HIGH_HALF, HIGH_HALF + 1})
  void aWrongHighHalfOfAProductIsRefused(int row) {
    results[row * COUNT + 1000]--;
    Exception refused = assertThrows(DeviceException.class, () -> verdicts(true));
    assertTrue(refused.getMessage().contains("of the bits of a and b gives"), refused::getMessage);
  }

  @Test
  void aLoopThatEndsEarlyIsCaught() {
    assertEquals(0, SelfTestVerdicts.loopLimit("device", 0));
    assertEquals(2, SelfTestVerdicts.loopLimit("device", 1013904223 * 1664525 + 1013904223));
    assertThrows(DeviceException.class, () -> SelfTestVerdicts.loopLimit("device", 12345));
    try (OpenClBackend backend = TestDevice.open()) {
      boolean ends = backend.device().contains("llvmpipe");
      assertEquals(ends ? 65_535 : NO_LIMIT, backend.profile().loopLimit());
    }
  }

  @Test
  void everyPathCanBeForced() {
    try (OpenClBackend backend = TestDevice.open()) {
      assertTrue(backend.profile().exactFma());
      boolean hasDouble = backend.profile().hasDouble();
      for (Rounding rounding : Rounding.values()) {
        System.setProperty(SelfTest.DIVISION_PROPERTY, rounding.name().toLowerCase());
        System.setProperty(SelfTest.SQUARE_ROOT_PROPERTY, rounding.name());
        if (rounding == Rounding.DOUBLE && !hasDouble) {
          assertThrows(DeviceException.class, TestDevice::open);
          continue;
        }
        try (OpenClBackend forced = TestDevice.open()) {
          assertEquals(rounding, forced.profile().division());
          assertEquals(rounding, forced.profile().squareRoot());
        }
      }
      System.setProperty(SelfTest.DIVISION_PROPERTY, "roughly");
      assertThrows(IllegalArgumentException.class, TestDevice::open);
    } finally {
      System.clearProperty(SelfTest.DIVISION_PROPERTY);
      System.clearProperty(SelfTest.SQUARE_ROOT_PROPERTY);
    }
  }

  /** What the doubles need and the floats do not is refused once. */
  @Test
  void aFailureThatMayPassIsNotRemembered() {
    OpenClDevice device = TestDevice.get();
    Assumptions.assumeTrue(device.properties().claimsDouble(), "the device has no fp64");
    SelfTest.VERDICTS.clear();
    try (OpenClBackend scarce = TestDevice.withMemory(1 << 30, 64L * COUNT).open()) {
      assertFalse(scarce.profile().hasDouble());
    }
    assertEquals(Map.of(), SelfTest.VERDICTS);
    try (OpenClBackend plenty = TestDevice.open()) {
      assertTrue(plenty.profile().hasDouble());
    }
    assertEquals(1, SelfTest.VERDICTS.size());
  }
}
