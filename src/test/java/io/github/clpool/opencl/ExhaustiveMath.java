package io.github.clpool.opencl;

import io.github.clpool.exact.FloatCheck;
import io.github.clpool.exact.FloatFunction;
import io.github.clpool.exact.FloatInputs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Checks functions of one float for every float there is: {@code ci/exhaustive-math}. Arguments are
 * the functions' names, all by default. Exit code 1 if a result is off too far, or has other bits
 * on the device.
 */
final class ExhaustiveMath {
  private static final int CHUNK = 1 << 22;
  private static final long ALL = 1L << 32;
  private static final int REPORTS = 8;

  private ExhaustiveMath() {}

  /** Prints progress, then a table. */
  public static void main(String... names) {
    System.out.println("on " + TestDevice.get().name());
    List<FloatCheck> checks = new ArrayList<>();
    for (FloatFunction function : functions(names)) {
      checks.add(check(function, ALL));
    }
    System.out.printf(
        "%n%-9s%12s  %-10s%-17s%s%n", "function", "floats", "worst ulp", "at", "bits");
    checks.forEach(check -> System.out.println(row(check)));
    List<String> failures = checks.stream().flatMap(each -> each.failures().stream()).toList();
    failures.forEach(System.out::println);
    System.out.println(failures.isEmpty() ? "all is right" : failures.size() + " failures");
    System.exit(failures.isEmpty() ? 0 : 1);
  }

  private static List<FloatFunction> functions(String... names) {
    List<String> chosen = List.of(names);
    List<FloatFunction> all =
        Arrays.stream(FloatFunction.values()).filter(each -> each.arguments() == 1).toList();
    List<String> known = all.stream().map(ExhaustiveMath::name).toList();
    if (!known.containsAll(chosen)) {
      throw new IllegalArgumentException("functions are " + chosen + ", but can be " + known);
    }
    return all.stream().filter(each -> chosen.isEmpty() || chosen.contains(name(each))).toList();
  }

  private static String name(FloatFunction function) {
    return function.name().toLowerCase(Locale.ROOT);
  }

  /** Checks the first floats in the order of their bits. */
  static FloatCheck check(FloatFunction function, long count) {
    long start = System.nanoTime();
    try (DeviceWays ways = new DeviceWays(function)) {
      FloatCheck check = ways.check();
      for (long first = 0; first < count; first += CHUNK) {
        check.check(FloatInputs.consecutive((int) first, (int) Math.min(CHUNK, count - first)));
        if ((first + CHUNK) % (ALL / REPORTS) == 0) {
          System.out.printf(
              "%-8s %3d %%, %4d s, worst so far %.4f ulp at %a%n",
              check.name(),
              (first + CHUNK) * 100 / ALL,
              (System.nanoTime() - start) / 1_000_000_000,
              check.worst().error(),
              check.worst().x());
        }
      }
      return check;
    }
  }

  private static String row(FloatCheck check) {
    String bits =
        check.differences().entrySet().stream()
            .map(ExhaustiveMath::bits)
            .collect(Collectors.joining(", "));
    return "%-9s%12d  %-10.4f%-17s%s"
        .formatted(
            check.name(),
            check.count(),
            check.worst().error(),
            Float.toHexString(check.worst().x()),
            bits);
  }

  private static String bits(Map.Entry<String, Long> way) {
    return way.getKey() + (way.getValue() == 0 ? " same" : " " + way.getValue() + " differ");
  }
}
