package io.github.clpool.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Pooling;
import io.github.clpool.TestDevices;
import io.github.clpool.backend.HeapStorage;
import io.github.clpool.op.Operators;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Handles;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.opentest4j.AssertionFailedError;

/**
 * Random calls of every operator on the devices of the run, every implementation that takes a call
 * forced in turn, odd work-groups among them, against the reference. {@code -Dclpool.test.seed} and
 * {@code -Dclpool.test.cases} draw others.
 */
class DeviceParityTest {
  private static final long SEED = Long.getLong("clpool.test.seed", 20_251_124);

  @ParameterizedTest
  @MethodSource("io.github.clpool.TestDevices#others")
  void everyImplementationGivesTheBitsOfTheReference(String name) {
    long live = Handles.live();
    try (Pooling reference = Pooling.open(DevicePolicy.REFERENCE);
        Pooling device = TestDevices.open(name)) {
      ParityReport report = check(reference, device, Operators.names(), cases(name), limits(name));
      boolean endsLoops = device.selection().device().contains("llvmpipe");
      List<String> unused = endsLoops || name.equals("jvm") ? List.of() : List.of("pieces");
      assertEquals(unused, report.unused(), "implementations that took no case, seed " + SEED);
      assertEquals(Set.copyOf(Operators.names()), operators(report), "operators that ran");
    }
    assertEquals(live, Handles.live());
  }

  /**
   * Operators of one kind, and how many cases of them PoCL and the JVM run besides those of all.
   */
  private record Family(int cases, String... operators) {
    int casesOn(String device) {
      int usual =
          switch (device) {
            case "oclgrind" -> cases / 20;
            case "llvmpipe" -> cases / 4;
            default -> cases;
          };
      return Integer.getInteger("clpool.test.cases", usual);
    }

    @Override
    public String toString() {
      return String.join(", ", operators);
    }
  }

  private static Stream<Arguments> families() {
    List<Family> families =
        List.of(
            new Family(1_200, "fractional", "max_unpool", "stochastic", "s3_pool"),
            new Family(1_000, "lp", "gem", "soft", "importance", "mix"),
            new Family(1_000, "roi_pool", "roi_align"),
            new Family(500, "crf_pool"));
    return TestDevices.others().stream()
        .flatMap(device -> families.stream().map(family -> Arguments.of(device, family)));
  }

  @ParameterizedTest
  @MethodSource("families")
  void everyFamilyGivesTheBitsOfTheReference(String name, Family family) {
    try (Pooling reference = Pooling.open(DevicePolicy.REFERENCE);
        Pooling device = TestDevices.open(name)) {
      check(reference, device, List.of(family.operators()), family.casesOn(name), limits(name));
    }
  }

  @Test
  void aWrongBackendFails() {
    try (Pooling reference = Pooling.open(DevicePolicy.REFERENCE);
        Pooling wrong =
            SpoiledBackend.open(
                reference,
                (problem, arguments) -> {
                  if (problem.has(Role.OUTPUT)
                      && problem.type() == DataType.FLOAT32
                      && problem.output().elements() > 3) {
                    ((HeapStorage) arguments.get(Role.OUTPUT).storage()).floats()[3] += 0.5f;
                  }
                })) {
      AssertionFailedError failed =
          assertThrows(
              AssertionFailedError.class,
              () -> check(reference, wrong, Operators.names(), 60, RandomCases.Limits.SMALL));
      for (String part : List.of("seed " + SEED, "again: ci/clpool parity --case", "spoiled")) {
        assertTrue(failed.getMessage().contains(part), failed::getMessage);
      }
    }
  }

  private static Set<String> operators(ParityReport report) {
    return report.rows().stream()
        .map(row -> row.operator().split(" ")[0])
        .collect(Collectors.toSet());
  }

  private static int cases(String device) {
    int operators = Operators.names().size();
    int usual =
        switch (device) {
          case "oclgrind" -> Math.max(150, 25 * operators);
          case "llvmpipe" -> Math.max(500, 50 * operators);
          default -> Math.max(2_000, 100 * operators);
        };
    return Integer.getInteger("clpool.test.cases", usual);
  }

  /** Compiling is what takes time: few templates. */
  private static RandomCases.Limits limits(String device) {
    return device.equals("oclgrind")
        ? RandomCases.Limits.SMALL
        : new RandomCases.Limits(RandomCases.Limits.FULL.work(), 12);
  }

  private static ParityReport check(
      Pooling reference,
      Pooling device,
      List<String> operators,
      int cases,
      RandomCases.Limits limits) {
    ParityRun.Options options = new ParityRun.Options(operators, cases, SEED, limits);
    ParityReport report = ParityRun.run(reference, List.of(device), options, (done, total) -> {});
    if (report.mismatches() > 0) {
      throw new AssertionFailedError(
          "seed "
              + SEED
              + ": "
              + report
              + report.failures().stream()
                  .map(failure -> "\n" + failure + "\nagain: ci/clpool " + failure.command())
                  .collect(Collectors.joining()));
    }
    String where =
        device.selection().backend().equals("opencl")
            ? device.selection().device()
            : device.selection().backend();
    for (ParityReport.Row row : report.rows()) {
      assertEquals(where, row.device());
    }
    // llvmpipe ends long loops, and not every operator can be computed in pieces.
    long mayBeRefused = device.selection().device().contains("llvmpipe") ? cases / 20 : 0;
    assertTrue(report.refused() <= mayBeRefused, () -> report.refused() + " refused of " + report);
    assertTrue(report.checks() >= cases - report.refused(), report::toString);
    System.out.println("cases on " + where + ", seed " + SEED + ": " + report.drawn());
    return report;
  }
}
