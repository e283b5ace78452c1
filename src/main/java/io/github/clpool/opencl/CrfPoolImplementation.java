package io.github.clpool.opencl;

import io.github.clpool.backend.CrfSteps;
import io.github.clpool.backend.Verdict;
import io.github.clpool.exact.Sums;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;

/**
 * Pooling of graphs, an operation on matrices after the other. What depends on the graphs' edges is
 * found by the host in each call.
 */
final class CrfPoolImplementation implements OpenClImplementation {
  @Override
  public String name() {
    return "direct";
  }

  @Override
  public Verdict accepts(Problem problem, DeviceProfile device) {
    return accept("takes everything");
  }

  /** As if one node were joined with all others. */
  @Override
  public long iterations(Problem problem, DeviceProfile device) {
    long nodes = problem.input().sizes()[0];
    long features = problem.input().sizes()[1];
    long clusters = problem.shapeOf(Role.LOGITS).sizes()[1];
    long together = CrfLaunches.LANES * CrfLaunches.VECTOR;
    long dot = sum(Math.max(features, clusters)) + 2 * (CrfLaunches.VECTOR + 1);
    long dots = Loops.nest(nodes / together + 1, dot);
    long rows = sum(nodes) + nodes + sum(clusters) + 4 * clusters;
    long elements = nodes * nodes / CrfLaunches.WHERE_COUNT_IS_UNKNOWN + 1;
    return Math.max(Math.max(dots, rows), elements);
  }

  /** The iterations of a sum in blocks. */
  private static long sum(long terms) {
    return Loops.nest(terms / Sums.BLOCK + 1, Sums.BLOCK + 2L);
  }

  @Override
  public LaunchPlan plan(Problem problem, DeviceProfile device) {
    CrfLaunches launches = new CrfLaunches(problem, device);
    CrfSteps.run(problem, launches);
    return launches.plan();
  }
}
