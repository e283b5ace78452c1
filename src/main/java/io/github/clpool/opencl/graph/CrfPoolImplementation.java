package io.github.clpool.opencl.graph;

import io.github.clpool.backend.Verdict;
import io.github.clpool.graph.CrfSteps;
import io.github.clpool.op.Problem;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.plan.LaunchPlan;
import io.github.clpool.opencl.plan.OpenClImplementation;

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

  @Override
  public LaunchPlan plan(Problem problem, DeviceProfile device) {
    CrfLaunches launches = new CrfLaunches(problem, device);
    CrfSteps.run(problem, launches);
    return launches.plan();
  }
}
