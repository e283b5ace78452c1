package io.github.clpool.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.clpool.WithoutDevice;
import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.Backend;
import io.github.clpool.backend.Plan;
import io.github.clpool.backend.Preference;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Regions;
import io.github.clpool.op.Role;
import io.github.clpool.reference.ReferenceBackend;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

@WithoutDevice
class PlansTest {
  private static final Pool MAX = Pool.max().over(Regions.window(2));
  private static final Shape INPUT = Shape.of(1, 1, 4, 4);
  private static final Problem PROBLEM =
      new Problem(
          MAX,
          Direction.FORWARD,
          INPUT,
          Layout.NCHW,
          DataType.FLOAT32,
          Map.of(Role.INPUT, INPUT, Role.OUTPUT, MAX.outputShape(INPUT)),
          false);

  /** A plan that is closed before it runs was made anew for ever where its backend was, too. */
  @Test
  void aPlanIsRefusedOnceItsBackendIsClosed() {
    try (Backend backend = ReferenceBackend.open()) {
      Plans plans = new Plans(backend);
      Plan plan = plans.get(PROBLEM, Preference.NONE);
      plans.close();
      Arguments none = new Arguments(Map.of(), Optional.empty());
      Exception refused = assertThrows(IllegalStateException.class, () -> plan.run(none));
      assertEquals("backend is closed", refused.getMessage());
      assertThrows(IllegalStateException.class, () -> plans.get(PROBLEM, Preference.NONE));
    }
  }
}
