package io.github.clpool.opencl;

import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;

/**
 * One work-item per output, for gradients one per input cell; takes everything. In layout NHWC
 * neighbouring work-items take neighbouring channels.
 */
final class DirectImplementation implements OpenClImplementation {
  @Override
  public String name() {
    return "direct";
  }

  @Override
  public boolean placesPerPlane() {
    return true;
  }

  @Override
  public Verdict accepts(Problem problem, DeviceProfile device) {
    return accept("takes everything");
  }

  @Override
  public LaunchPlan plan(Problem problem, DeviceProfile device) {
    return PoolFamily.of(problem).direct(problem, device);
  }

  @Override
  public long iterations(Problem problem, DeviceProfile device) {
    PoolFamily family = PoolFamily.of(problem);
    long most = problem.has(Role.GRAD_WEIGHTS) ? ParameterGradient.iterations(problem) : 0;
    for (CellKernel kernel : family.cellKernels(problem)) {
      long loops = Loops.overRegions(problem, kernel.perOutput());
      most = Math.max(most, Loops.nest(family.passes(), loops));
    }
    return most;
  }
}
