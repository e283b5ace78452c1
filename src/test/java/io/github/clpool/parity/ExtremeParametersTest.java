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
  /** Mesa's compiler takes the product with a constant 0 for 0, of infinity and NaN too. */
  private static final String ZERO_SHARE = "mix a=1e-300 b=1e39";

  private static final List<String> FLOATS =
      List.of(
          "lp p=1e40",
          "lp p=1e40 mean signed",
          "lp p=1e-50 mean",
          "mix a=1e300 b=-1e300",
          ZERO_SHARE,
          "gem eps=1e39",
          "gem eps=1e-50");

  /** Rounded to float subnormals, which some devices flush. */
  private static final List<String> SUBNORMAL =
      List.of("lp p=1e-39 mean", "mix a=1e-40 b=1", "gem eps=1e-40");

  private static final List<String> DOUBLES =
      List.of("lp p=1e308", "lp p=1e-320 mean", "mix a=1e308 b=-1e308", "gem eps=1e-320");
  private static final List<String> HALVES =
      List.of("lp p=1e-50 mean", "mix a=1e300 b=1", "gem eps=1e39");

  private static List<String> operators(DataType type, boolean subnormals) {
    List<String> operators =
        new ArrayList<>(
            switch (type) {
              case FLOAT32 -> FLOATS;
              case FLOAT64 -> DOUBLES;
              case FLOAT16, BFLOAT16 -> HALVES;
              case UINT8, INT8, INT32 -> List.of();
            });
    if (type == DataType.FLOAT32 && subnormals) {
      operators.addAll(SUBNORMAL);
    }
    return operators;
  }

  @ParameterizedTest
  @MethodSource("io.github.clpool.TestDevices#others")
  void theSameBits(String device) {
    try (Pooling reference = Pooling.open(DevicePolicy.REFERENCE);
        Pooling other = TestDevices.open(device)) {
      List<String> wrong = new ArrayList<>();
      for (DataType type : DataType.values()) {
        if (type.isFloatingPoint() && other.refusal(type).isEmpty()) {
          for (String operator : operators(type, other.keepsSubnormals())) {
            if (!device.equals("llvmpipe") || !operator.equals(ZERO_SHARE)) {
              check(operator, type, reference, other, wrong);
            }
          }
        }
      }
      assertTrue(wrong.isEmpty(), () -> String.join("\n", wrong));
    }
  }

  private static void check(
      String operator, DataType type, Pooling reference, Pooling other, List<String> wrong) {
    for (String data : List.of("integers", "uniform", "special")) {
      for (String way : List.of("", " backward")) {
        Case one =
            Case.parse(
                "%s window=3 stride=1 padding=1 on 1x2x5x7 %s%s data=%s"
                    .formatted(operator, type, way, data));
        Outcome outcome = Parity.check(one, reference, other, Preference.NONE);
        if (!outcome.matches()) {
          wrong.add(outcome.toString());
        }
      }
    }
  }
}
