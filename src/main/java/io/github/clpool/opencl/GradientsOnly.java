package io.github.clpool.opencl;

import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Problem;

/** An implementation that is asked for gradients only. */
record GradientsOnly(OpenClImplementation whole) implements Narrowed {
  @Override
  public Verdict accepts(Problem problem, DeviceProfile device) {
    return PoolFamily.isForward(problem)
        ? refuse("it computes gradients only")
        : whole.accepts(problem, device);
  }
}
