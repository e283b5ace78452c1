package io.github.clpool.opencl.unpool;

import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Direction;
import io.github.clpool.op.MaxUnpool;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.plan.KernelArgument;
import io.github.clpool.opencl.plan.LaunchPlan;
import io.github.clpool.opencl.plan.OpenClImplementation;

/** Unpooling without claims, where positions are promised to be distinct. */
public final class UnpoolDistinctImplementation implements OpenClImplementation {
  @Override
  public String name() {
    return "distinct";
  }

  @Override
  public boolean takesViews() {
    return true;
  }

  @Override
  public Verdict accepts(Problem problem, DeviceProfile device) {
    return ((MaxUnpool) problem.operator()).distinctPositions()
        ? accept("positions are distinct")
        : refuse("positions may be equal");
  }

  @Override
  public LaunchPlan plan(Problem problem, DeviceProfile device) {
    UnpoolLaunches launches = new UnpoolLaunches(problem, device, "max_unpool_distinct");
    return problem.direction() == Direction.FORWARD
        ? LaunchPlan.of(
            launches.perOutput("clear", KernelArgument.buffers(Role.OUTPUT)),
            launches.checking(
                "forward", KernelArgument.buffers(Role.INPUT, Role.POSITIONS, Role.OUTPUT)))
        : LaunchPlan.of(
            launches.checking(
                "backward",
                KernelArgument.buffers(Role.GRAD_OUTPUT, Role.POSITIONS, Role.GRAD_INPUT)));
  }
}
