package io.github.clpool.opencl;

import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Problem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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
  public boolean placesPerPlane() {
    return true;
  }

  @Override
  public Verdict accepts(Problem problem, DeviceProfile device) {
    return accept("takes everything");
  }

  @Override
  public LaunchPlan plan(Problem problem, DeviceProfile device) {
    PoolFamily family = PoolFamily.of(problem);
    List<Launch> launches = new ArrayList<>();
    for (CellKernel kernel : family.cellKernels(problem)) {
      SortedMap<String, String> macros = family.macros(problem, device);
      if (family.sums() && PoolFamily.hasShortSums(problem, kernel.perOutput())) {
        macros.put("LONG_SUMS", "0");
      }
      launches.add(CellLaunch.of(family.word(), macros, kernel, problem, device));
    }
    long bytes = problem.output().elements() * problem.type().computingType().bytes();
    return new LaunchPlan(launches, Collections.nCopies(family.statistics(problem), bytes));
  }
}
