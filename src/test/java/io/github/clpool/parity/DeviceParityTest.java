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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random calls of every operator, see {@link DeviceParity}. */
class DeviceParityTest {
  @ParameterizedTest
  @MethodSource("io.github.clpool.TestDevices#others")
  void everyImplementationGivesTheBitsOfTheReference(String name) {
    long live = Handles.live();
    try (Pooling device = TestDevices.open(name)) {
      ParityReport report =
          DeviceParity.check(device, Operators.names(), cases(name), DeviceParity.limits(name));
      assertEquals(
          List.of(),
          report.unused(),
          "implementations that took no case, seed " + DeviceParity.SEED);
      assertEquals(Set.copyOf(Operators.names()), operators(report), "operators that ran");
    }
    assertEquals(live, Handles.live());
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
      AssertionError failed =
          assertThrows(
              AssertionError.class,
              () -> DeviceParity.check(wrong, Operators.names(), 60, RandomCases.Limits.SMALL));
      for (String part : List.of("seed " + DeviceParity.SEED, "again: Parity.repeat(", "spoiled")) {
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
    return DeviceParity.cases(device, 14 * operators, 12 * operators, 6 * operators);
  }
}
