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
  public boolean takesViews() {
    return true;
  }

  @Override
  public Verdict accepts(Problem problem, DeviceProfile device) {
    return new RoiLaunches(problem, device).geometry().fits()
        ? accept("takes everything")
        : refuse("the geometry of so many regions has 2^31 numbers or more");
  }

  @Override
  public LaunchPlan plan(Problem problem, DeviceProfile device) {
    RoiLaunches launches = new RoiLaunches(problem, device);
    RoiGeometry geometry = launches.geometry();
    boolean selects = problem.has(Role.INDICES);
    if (launches.isForward()) {
      KernelArgument[] buffers =
          selects ? new KernelArgument[] {X, Y, SELECTED} : new KernelArgument[] {X, Y};
      return RoiLaunches.plan(geometry, List.of(launches.perOutput("forward", buffers)), List.of());
    } else if (launches.ofSamples()) {
      KernelArgument winners = new KernelArgument.Temporary(RoiGeometry.TABLES + 1);
      return RoiLaunches.plan(
          geometry,
          List.of(
              launches.perOutput("winners", X, winners),
              launches.perInput("backward", G, winners, DX)),
          List.of(problem.output().elements() * Integer.BYTES));
    }
    KernelArgument[] buffers =
        selects ? new KernelArgument[] {G, SELECTED, DX} : new KernelArgument[] {G, DX};
    return RoiLaunches.plan(geometry, List.of(launches.perInput("backward", buffers)), List.of());
  }
}
