package io.github.clpool.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Nightly;
import io.github.clpool.Pooling;
import io.github.clpool.TestDevices;
import io.github.clpool.backend.Preference;
import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Operators;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Handles;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Eight threads make all kinds of calls on one device at once: the bits of the reference. */
class ManyThreadsTest {
  private static final int THREADS = 8;

  /** Oclgrind aborts when two threads enqueue. */
  static List<String> devices() {
    return TestDevices.isSimulator() ? List.of("jvm") : TestDevices.others();
  }

  @ParameterizedTest
  @MethodSource("devices")
  void doNotDisturbEachOther(String name) throws Exception {
    long live = Handles.live();
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    try (Pooling reference = Pooling.open(DevicePolicy.REFERENCE);
        Pooling device = TestDevices.open(name)) {
      List<Comparison> cases = cases(name, reference, device);
      List<Callable<List<Outcome>>> jobs =
          IntStream.range(0, THREADS)
              .<Callable<List<Outcome>>>mapToObj(thread -> () -> run(thread, cases, device))
              .toList();
      for (Future<List<Outcome>> done : pool.invokeAll(jobs)) {
        List<Outcome> wrong = done.get().stream().filter(each -> !each.matches()).toList();
        assertEquals(List.of(), wrong, () -> "seed " + DeviceParity.SEED);
      }
    } finally {
      pool.shutdown();
    }
    assertEquals(live, Handles.live());
  }

  /** The first of {@link DeviceParityTest}'s, so that drivers have compiled most of them. */
  private static List<Comparison> cases(String name, Pooling reference, Pooling device) {
    List<DataType> types = new ArrayList<>(List.of(DataType.values()));
    types.removeIf(type -> !type.isFloatingPoint() || device.refusal(type).isPresent());
    RandomCases random =
        new RandomCases(
            DeviceParity.SEED, CaseSpace.of(Operators.names(), types, DeviceParity.limits(name)));
    List<Comparison> cases = new ArrayList<>();
    for (int i = 0; i < Nightly.cases(24, 150); i++) {
      Case drawn = random.next();
      if (device.explain(drawn.problem()).stream().anyMatch(Verdict::accepted)) {
        cases.add(new Comparison(drawn, reference, device.keepsSubnormals()));
      }
    }
    assertTrue(cases.size() >= 20, () -> "only " + cases.size() + " are taken");
    return cases;
  }

  /** All cases in an order of the thread's own. */
  private static List<Outcome> run(int thread, List<Comparison> cases, Pooling device) {
    List<Comparison> order = new ArrayList<>(cases);
    Collections.shuffle(order, new Random(DeviceParity.SEED + thread));
    return order.stream().map(each -> each.check(device, Preference.NONE)).toList();
  }
}
