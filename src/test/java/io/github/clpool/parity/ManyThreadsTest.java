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
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Eight threads make all kinds of calls, on a device and on the JVM at once: the reference's bits.
 */
class ManyThreadsTest {
  private static final int THREADS = 8;
  private static final long NANOS = TimeUnit.MINUTES.toNanos(Nightly.cases(0, 10));

  /** Oclgrind aborts when two threads enqueue. */
  private static String device() {
    String openCl = TestDevices.openCl();
    return openCl.isEmpty() || TestDevices.isSimulator() ? "jvm" : openCl;
  }

  @Test
  void doNotDisturbEachOther() throws Exception {
    long live = Handles.live();
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    try (Pooling reference = Pooling.open(DevicePolicy.REFERENCE);
        Pooling jvm = Pooling.open(DevicePolicy.JVM_ONLY);
        Pooling device = TestDevices.open(device())) {
      List<Comparison> cases = cases(device(), reference, device);
      long end = System.nanoTime() + NANOS;
      List<Callable<Long>> jobs =
          IntStream.range(0, THREADS)
              .<Callable<Long>>mapToObj(thread -> () -> run(thread, cases, device, jvm, end))
              .toList();
      long calls = 0;
      for (Future<Long> done : pool.invokeAll(jobs)) {
        calls += done.get();
      }
      System.out.println(calls + " calls by " + THREADS + " threads");
      assertTrue(calls >= (long) THREADS * cases.size(), "too few calls");
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

  /** All cases in an order of the thread's own, each second one on the JVM; again until the end. */
  private static long run(
      int thread, List<Comparison> cases, Pooling device, Pooling jvm, long end) {
    List<Comparison> order = new ArrayList<>(cases);
    Random random = new Random(DeviceParity.SEED + thread);
    long calls = 0;
    do {
      Collections.shuffle(order, random);
      for (Comparison each : order) {
        Outcome outcome = each.check(calls++ % 2 == 0 ? device : jvm, Preference.NONE);
        assertTrue(outcome.matches(), () -> "seed " + DeviceParity.SEED + ": " + outcome);
      }
    } while (System.nanoTime() - end < 0);
    return calls;
  }
}
