package io.github.clpool.opencl.roi;

import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.plan.KernelArgument;
import io.github.clpool.opencl.plan.LaunchPlan;
import io.github.clpool.opencl.plan.OpenClImplementation;
import java.util.List;

/**
 * Regions of interest with a work-item per output; gradients with one per cell, which looks at the
 * regions that touch its tile.
 */
public final class RoiDirectImplementation implements OpenClImplementation {
  private static final KernelArgument X = new KernelArgument.Buffer(Role.INPUT);
  private static final KernelArgument Y = new KernelArgument.Buffer(Role.OUTPUT);
  private static final KernelArgument G = new KernelArgument.Buffer(Role.GRAD_OUTPUT);
  private static final KernelArgument DX = new KernelArgument.Buffer(Role.GRAD_INPUT);
  private static final KernelArgument SELECTED = new KernelArgument.Buffer(Role.INDICES);

  @Override
  public String name() {
    return "direct";
  }

  @Override
  public Verdict accepts(Problem problem, DeviceProfile device) {
    return accept("takes everything");
  }

  @Override
  public double iterations(Problem problem, DeviceProfile device) {
    return new RoiLaunches(problem, device).iterations();
  }

  @Override
  public LaunchPlan plan(Problem problem, DeviceProfile device) {
    RoiLaunches launches = new RoiLaunches(problem, device);
    boolean selects = problem.has(Role.INDICES);
    if (launches.isForward()) {
      return LaunchPlan.of(
          selects
              ? launches.perOutput("forward", X, Y, SELECTED)
              : launches.perOutput("forward", X, Y));
    } else if (launches.ofSamples()) {
      KernelArgument winners = new KernelArgument.Temporary(0);
      long bytes = problem.output().elements() * Integer.BYTES;
      return new LaunchPlan(
          List.of(
              launches.perOutput("winners", X, winners),
              launches.perInput("backward", G, winners, DX)),
          List.of(bytes));
    }
    return LaunchPlan.of(
        selects
            ? launches.perInput("backward", G, SELECTED, DX)
            : launches.perInput("backward", G, DX));
  }
}
