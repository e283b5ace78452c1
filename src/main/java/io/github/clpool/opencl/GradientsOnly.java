package io.github.clpool.opencl;

import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Problem;

/** An implementation that is asked for gradients only. */
record GradientsOnly(OpenClImplementation whole) implements OpenClImplementation {
  @Override
  public String name() {
    return whole.name();
  }

  @Override
  public boolean placesPerPlane() {
    return whole.placesPerPlane();
  }

  @Override
  public Verdict accepts(Problem problem, DeviceProfile device) {
    return PoolFamily.isForward(problem)
        ? refuse("it computes gradients only")
        : whole.accepts(problem, device);
  }

  @Override
  public long iterations(Problem problem, DeviceProfile device) {
    return whole.iterations(problem, device);
  }

  @Override
  public LaunchPlan plan(Problem problem, DeviceProfile device) {
    return whole.plan(problem, device);
  }
}
