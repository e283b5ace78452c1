package io.github.clpool.opencl;

import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Problem;
import java.util.SortedMap;

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
  public Verdict accepts(Problem problem, DeviceProfile device) {
    return accept("takes everything");
  }

  @Override
  public LaunchPlan plan(Problem problem, DeviceProfile device) {
    PoolFamily family = PoolFamily.of(problem);
    SortedMap<String, String> macros = family.macros(problem, device);
    if (family.sums() && PoolFamily.hasShortSums(problem)) {
      macros.put("LONG_SUMS", "0");
    }
    boolean forward = problem.direction() == Direction.FORWARD;
    long cells = (forward ? problem.output() : problem.input()).planeSize();
    return CellLaunch.of(family.word(), macros, problem, cells, device);
  }
}
