package io.github.clpool.opencl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.clpool.Pooling;
import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.Preference;
import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Inputs;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Problem;
import io.github.clpool.op.RandomKey;
import io.github.clpool.op.Regions;
import io.github.clpool.op.Role;
import io.github.clpool.opencl.device.OpenClDevice;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.plan.KernelArgument;
import io.github.clpool.opencl.plan.Launch;
import io.github.clpool.opencl.plan.LaunchPlan;
import io.github.clpool.opencl.plan.OpenClImplementation;
import io.github.clpool.opencl.runtime.OpenClBackend;
import io.github.clpool.tensor.Handles;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A plan of two launches with every kind of argument. */
class PlanTest {
  private static final String FILE = "every_argument.cl";
  private static final Shape SHAPE = Shape.of(1, 1, 4);
  private static final Pool SAME = Pool.max().over(Regions.window(1));
  private static final RandomKey KEY = new RandomKey(1L << 32 | 2, 3L << 32 | 4, 5);
  // 10 + 20 + 1 + 8 + 100 + 300, and the key's numbers 2 + 2*1 + 4*4 + 8*3 + 16*(2*5)
  private static final float ADDED = 439 + 204;

  /** For work-groups of four. */
  private static final SortedMap<String, String> FOR_FOUR =
      new TreeMap<>(Map.of(Launch.GROUP, "4"));

  /** Not a pooling: it only shows that arguments arrive. */
  private static final class EveryArgument implements OpenClImplementation {
    @Override
    public String name() {
      return "every argument";
    }

    @Override
    public Verdict accepts(Problem problem, DeviceProfile device) {
      return accept("it is a test");
    }

    @Override
    public LaunchPlan plan(Problem problem, DeviceProfile device) {
      KernelArgument sums = new KernelArgument.Temporary(0);
      Launch gather =
          launch(
              "gather",
              4,
              new KernelArgument.Buffer(Role.INPUT),
              sums,
              new KernelArgument.Int(10),
              new KernelArgument.Long(20),
              new KernelArgument.Struct(1, 2, 3, 4, 5, 6, 7, 8),
              new KernelArgument.Table(100, 200, 300),
              new KernelArgument.Key(2));
      Launch reverse =
          launch(
              "reverse",
              4,
              sums,
              new KernelArgument.Buffer(Role.OUTPUT),
              new KernelArgument.Fault(new PositionOf(Role.INPUT)));
      return new LaunchPlan(List.of(gather, nothing(), reverse), List.of(16L));
    }

    private static Launch launch(String kernel, long size, KernelArgument... arguments) {
      return new Launch(FILE, FOR_FOUR, kernel, List.of(arguments), List.of(size), List.of(4L));
    }

    /** Would spoil the temporary if it ran. */
    private static Launch nothing() {
      return launch(
          "reverse",
          0,
          new KernelArgument.Buffer(Role.INPUT),
          new KernelArgument.Temporary(0),
          new KernelArgument.Fault(new PositionOf(Role.OUTPUT)));
    }
  }

  private record PositionOf(Role role) implements KernelArgument.Fault.Report {
    @Override
    public Set<Role> quoted() {
      return Set.of(role);
    }

    @Override
    public RuntimeException exception(long position, Arguments arguments) {
      Shape shape = arguments.get(role).shape();
      return new IndexOutOfBoundsException("position " + position + " of " + shape);
    }
  }

  private OpenClBackend backend;
  private Pooling pooling;
  private long before;

  @BeforeEach
  void open() {
    before = Handles.live();
    backend =
        OpenClDevice.backend(
            TestDevice.context(), (operator, kind) -> List.of(new EveryArgument()));
    pooling = Pooling.over(backend);
  }

  @AfterEach
  void close() {
    if (pooling == null) {
      return; // skipped
    }
    pooling.close();
    assertEquals(before, Handles.live());
    assertEquals(0, backend.memory().usedBytes());
  }

  private float[] run(Pooling on, RandomKey key, float... values) {
    try (Tensor x = on.tensor(SHAPE, values);
        Tensor y = on.run(SAME, Inputs.of(x).key(key))) {
      assertEquals("every argument", y.producer().orElseThrow().implementation());
      return y.toFloats();
    }
  }

  @Test
  void everyArgumentArrives() {
    float[] expected = {ADDED + 4, ADDED + 3, ADDED + 2, ADDED + 1};
    assertArrayEquals(expected, run(pooling, KEY, 1, 2, 3, 4));
    // the work-group of a kernel that is built for one is not for the caller to choose
    Pooling wished = pooling.with(Preference.NONE.withWorkGroupSize(2));
    assertArrayEquals(expected, run(wished, KEY, 1, 2, 3, 4));
    // another key needs no other plan
    float[] next = {ADDED + 8, ADDED + 7, ADDED + 6, ADDED + 5};
    assertArrayEquals(next, run(pooling, KEY.next(), 1, 2, 3, 4));
  }

  @Test
  void theFirstFaultFailsTheCall() {
    Exception fault =
        assertThrows(IndexOutOfBoundsException.class, () -> run(pooling, KEY, 1, -9999, 3, -9999));
    assertEquals("position 1 of " + SHAPE, fault.getMessage());
    run(pooling, KEY, 1, 2, 3, 4);
  }

  @Test
  void aMissingKeyLeaksNothing() {
    try (Tensor x = pooling.tensor(SHAPE, 1, 2, 3, 4)) {
      assertThrows(IllegalStateException.class, () -> pooling.run(SAME, x));
    }
  }
}
