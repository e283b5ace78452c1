package io.github.clpool.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import io.github.clpool.Pooling;
import io.github.clpool.TestDevices;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The numbers in the tests of other projects, on every device. */
class ConformanceTest {
  private static final List<String> FILES =
      List.of("burn", "literal", "nnlib", "tensorflow", "tfjs", "webnn");

  /** One of so many cases runs on an OpenCL device, fewer where they need programs of their own. */
  private static final int SOMETIMES = 3;

  private static final int RARELY = 48;

  /** All that no operator says. */
  private static final List<String> INEXPRESSIBLE =
      List.of(
          // regions from given rows and columns, with or without overlap
          "tensorflow: fractional_max_pool, fractional_avg_pool",
          // output sizes rounded to the nearest
          "tfjs: maxPool x=[2,2,3] f=[2,2] s=3 p=1 dimRoundingMode=round",
          "tfjs: avgPool x=[2,2,3] f=[2,2] s=3 p=1 dimRoundingMode=round",
          "tfjs: pool max x=[3,3,1] f=[3,3] s=3 d=1 p=explicit dimRoundingMode=round",
          "tfjs: pool avg x=[3,3,1] f=[3,3] s=3 d=1 p=explicit dimRoundingMode=round");

  private static List<ConformanceCase> cases() throws IOException {
    List<ConformanceCase> cases = new ArrayList<>();
    for (String file : FILES) {
      for (JsonObject json : ConformanceFile.read(file)) {
        cases.add(new ConformanceCase(json));
      }
    }
    return cases;
  }

  @Test
  void noCaseIsDropped() throws IOException {
    List<ConformanceCase> cases = cases();
    List<String> inexpressible =
        cases.stream().filter(each -> !each.isExpressible()).map(ConformanceCase::name).toList();
    assertEquals(new TreeSet<>(INEXPRESSIBLE), new TreeSet<>(inexpressible));
    assertEquals(583, cases.size());
    assertEquals(24, cases.stream().filter(ConformanceCase::isKnown).count());
  }

  @ParameterizedTest
  @MethodSource("io.github.clpool.TestDevices#all")
  void theirNumbersComeOut(String device) throws IOException {
    List<String> wrong = new ArrayList<>();
    int number = 0;
    try (Pooling pooling = TestDevices.open(device)) {
      for (ConformanceCase each : cases()) {
        if (!each.isExpressible()) {
          continue;
        }
        int every = each.isUsual() ? SOMETIMES : RARELY;
        if (ConformanceFile.takes(device, number++, every, each.input()) && each.suits(pooling)) {
          String difference = each.difference(pooling);
          if (each.isKnown() == difference.isEmpty()) {
            wrong.add(each.name() + ": " + (each.isKnown() ? "is right now" : difference));
          }
        }
      }
    }
    assertEquals("", String.join("\n", wrong));
    assertEquals(583 - INEXPRESSIBLE.size(), number);
  }
}
