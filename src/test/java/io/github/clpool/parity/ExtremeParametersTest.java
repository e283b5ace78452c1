package io.github.clpool.parity;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Pooling;
import io.github.clpool.TestDevices;
import io.github.clpool.backend.Preference;
import io.github.clpool.tensor.DataType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Finite parameters that round to infinity, to zero or to subnormals: the same bits everywhere. */
class ExtremeParametersTest {
  private static final List<String> NORMAL =
      List.of(
          "lp p=1e40",
          "lp p=1e40 mean",
          "lp p=1e40 signed",
          "lp p=1e-50",
          "lp p=1e-50 mean",
          "lp p=1e308",
          "lp p=1e-320 mean",
          "lp p=16777217.5",
          "mix a=1e300 b=1",
          "mix a=1 b=-1e300",
          "mix a=-1e39 b=1e39",
          "mix a=1e-300 b=1e-50",
          "gem eps=1e39",
          "gem eps=1e-50",
          "gem eps=1e308");

  /** Rounded to float subnormals, which some devices flush. */
  private static final List<String> SUBNORMAL =
      List.of("lp p=1e-39", "lp p=1e39 mean", "mix a=1e-40 b=1", "gem eps=1e-40");

  @ParameterizedTest
  @MethodSource("io.github.clpool.TestDevices#others")
  void theSameBits(String device) {
    try (Pooling reference = Pooling.open(DevicePolicy.REFERENCE);
        Pooling other = TestDevices.open(device)) {
      List<String> operators = new ArrayList<>(NORMAL);
      if (other.keepsSubnormals()) {
        operators.addAll(SUBNORMAL);
      }
      List<String> wrong = new ArrayList<>();
      for (String operator : operators) {
        for (DataType type : DataType.values()) {
          if (type.isFloatingPoint() && other.refusal(type).isEmpty()) {
            check(operator, type, reference, other, wrong);
          }
        }
      }
      assertTrue(wrong.isEmpty(), () -> String.join("\n", wrong));
    }
  }

  private static void check(
      String operator, DataType type, Pooling reference, Pooling other, List<String> wrong) {
    for (String regions : List.of("window=2", "window=3 stride=1 padding=1", "adaptive=2x3")) {
      for (String data : List.of("integers", "uniform", "special")) {
        for (String way : List.of("", " backward")) {
          Case one =
              Case.parse(
                  "%s %s on 1x2x5x7 %s%s data=%s".formatted(operator, regions, type, way, data));
          Outcome outcome = Parity.check(one, reference, other, Preference.NONE);
          if (!outcome.matches()) {
            wrong.add(outcome.toString());
          }
        }
      }
    }
  }
}
