package io.github.clpool.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.WithoutDevice;
import io.github.clpool.backend.Backend;
import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.reference.ReferenceBackend;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Every implementation gives the bits of the reference. */
@WithoutDevice
class CpuParityTest {
  private static final int CASES = Integer.getInteger("clpool.test.cases", 1000);
  private static final long SEED = Long.getLong("clpool.test.seed", 20240607);

  private final Backend reference = ReferenceBackend.open();

  @Test
  void everyImplementationGivesTheBitsOfTheReference() {
    Backend alone = CpuBackend.open(new Parallel(Long.MAX_VALUE));
    Backend parallel = CpuBackend.open(new Parallel(0));
    Map<String, Integer> ran = new TreeMap<>();
    for (int i = 0; i < CASES; i++) {
      long seed = SEED + i;
      RandomCall call = new RandomCall(seed);
      Map<Role, long[]> output = call.run(reference, call.forward, Optional.empty(), null);
      check(seed, call, call.forward, null, output, i % 2 == 0 ? alone : parallel, ran);
      if (call.pool.takes(call.backward.type(), Direction.BACKWARD)) {
        int[] indices = call.indices(output);
        Map<Role, long[]> gradient = call.run(reference, call.backward, Optional.empty(), indices);
        check(seed, call, call.backward, indices, gradient, i % 2 == 0 ? alone : parallel, ran);
      }
    }
    for (String name : new String[] {"direct", "rows", "taps"}) {
      assertTrue(ran.getOrDefault(name, 0) > CASES / 10, name + " ran too rarely: " + ran);
    }
  }

  private static void check(
      long seed,
      RandomCall call,
      Problem problem,
      int[] indices,
      Map<Role, long[]> expected,
      Backend backend,
      Map<String, Integer> ran) {
    for (Verdict verdict : backend.explain(problem)) {
      if (verdict.accepted()) {
        String name = verdict.implementation();
        ran.merge(name, 1, Integer::sum);
        Map<Role, long[]> found = call.run(backend, problem, Optional.of(name), indices);
        expected.forEach(
            (role, bits) ->
                assertArrayEquals(
                    bits,
                    found.get(role),
                    () -> role + " by " + name + ", seed " + seed + ": " + problem));
      }
    }
  }
}
