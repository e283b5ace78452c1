package io.github.clpool.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.clpool.Pooling;
import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Problem;
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
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** An Error in the middle of a call, such as OutOfMemoryError, keeps no memory of the device. */
class FailureTest {
  private static final Pool SAME = Pool.max().over(Regions.window(1));
  private static final Shape SHAPE = Shape.of(1, 1, 4, 16);

  /** Copies to a temporary, then to a table that is never made. */
  private record Failing(Error failure) implements OpenClImplementation {
    @Override
    public String name() {
      return "failing";
    }

    @Override
    public Verdict accepts(Problem problem, DeviceProfile device) {
      return accept("everything");
    }

    @Override
    public LaunchPlan plan(Problem problem, DeviceProfile device) {
      KernelArgument.Drawn never =
          new KernelArgument.Drawn(
              arguments -> {
                throw failure;
              });
      Launch first =
          copy(new KernelArgument.Buffer(Role.INPUT), new KernelArgument.Buffer(Role.OUTPUT));
      return new LaunchPlan(
          List.of(first, copy(new KernelArgument.Temporary(0), never)), List.of(256L));
    }

    private static Launch copy(KernelArgument from, KernelArgument to) {
      return new Launch(
          "copy.cl",
          new TreeMap<>(Map.of("VECTORS", "1")),
          "copy",
          List.of(from, to, new KernelArgument.Long(SHAPE.elements())),
          List.of(SHAPE.elements()),
          List.of(1L));
    }
  }

  @Test
  void anErrorInACallKeepsNothing() {
    long live = Handles.live();
    OutOfMemoryError failure = new OutOfMemoryError("made up");
    OpenClBackend backend =
        OpenClDevice.backend(TestDevice.context(), (o, kind) -> List.of(new Failing(failure)));
    try (Pooling pooling = Pooling.over(backend)) {
      Tensor x = pooling.tensor(SHAPE, new float[(int) SHAPE.elements()]);
      long used = backend.memory().usedBytes();
      for (int i = 0; i < 3; i++) {
        assertSame(failure, assertThrows(OutOfMemoryError.class, () -> pooling.run(SAME, x)));
        assertEquals(used, backend.memory().usedBytes());
      }
      x.close();
      assertEquals(0, backend.memory().usedBytes());
    }
    assertEquals(0, backend.memory().keptBytes());
    assertEquals(live, Handles.live());
  }
}
