package io.github.clpool.parity;

import io.github.clpool.Nightly;
import io.github.clpool.Pooling;
import io.github.clpool.TestDevices;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Random calls of operators of one kind, besides {@link DeviceParityTest}'s of all. */
class FamilyParityTest {
  /** Operators of one kind, and how many cases of them PoCL and the JVM run. */
  private record Family(int cases, String... operators) {
    int casesOn(String device) {
      int usual = Nightly.cases(cases, 25 * cases);
      return DeviceParity.cases(device, usual, usual / 2, usual / 8);
    }

    @Override
    public String toString() {
      return String.join(", ", operators);
    }
  }

  private static Stream<Arguments> families() {
    List<Family> families =
        List.of(
            new Family(48, "fractional", "max_unpool", "stochastic", "median", "s3_pool"),
            new Family(
                48, "lp", "gem", "soft", "log_sum_exp", "variance", "std", "importance", "mix"),
            new Family(32, "roi_pool", "roi_align"),
            new Family(16, "crf_pool"));
    return TestDevices.others().stream()
        .flatMap(device -> families.stream().map(family -> Arguments.of(device, family)));
  }

  @ParameterizedTest
  @MethodSource("families")
  void everyFamilyGivesTheBitsOfTheReference(String name, Family family) {
    try (Pooling device = TestDevices.open(name)) {
      DeviceParity.check(
          device, List.of(family.operators()), family.casesOn(name), DeviceParity.limits(name));
    }
  }
}
