package io.github.clpool.opencl.graph;

import io.github.clpool.backend.Verdict;
import io.github.clpool.graph.CrfSteps;
import io.github.clpool.op.Problem;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.plan.LaunchPlan;
import io.github.clpool.opencl.plan.OpenClImplementation;
import io.github.clpool.tensor.Shape;

/**
 * Pooling of graphs, an operation on matrices after the other. What depends on the graphs' edges is
 * found by the host in each call.
 */
public final class CrfPoolImplementation implements OpenClImplementation {
  @Override
  public String name() {
    return "direct";
  }

  @Override
  public Verdict accepts(Problem problem, DeviceProfile device) {
    return accept("takes everything");
  }

  /** Sums over nodes, pairs and edges in blocks, the pairs of a graph among them. */
  @Override
  public double iterations(Problem problem, DeviceProfile device) {
    double most = 0;
    for (Shape shape : problem.arguments().values()) {
      most = Math.max(most, shape.elements());
    }
    return 4 * most + 64;
  }

  @Override
  public LaunchPlan plan(Problem problem, DeviceProfile device) {
    CrfLaunches launches = new CrfLaunches(problem, device);
    CrfSteps.run(problem, launches);
    return launches.plan();
  }
}
