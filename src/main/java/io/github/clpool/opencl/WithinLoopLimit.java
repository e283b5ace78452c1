package io.github.clpool.opencl;

import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Problem;

/** An implementation that refuses what a device would silently compute in part. */
record WithinLoopLimit(OpenClImplementation whole) implements Narrowed {
  @Override
  public Verdict accepts(Problem problem, DeviceProfile device) {
    Verdict verdict = whole.accepts(problem, device);
    if (!verdict.accepted() || !device.endsLoops()) {
      return verdict;
    }
    long iterations = whole.iterations(problem, device);
    return iterations <= device.loopLimit()
        ? verdict
        : refuse(
            "the device ends a work-item's loops after "
                + device.loopLimit()
                + " iterations, and there may be "
                + iterations);
  }
}
