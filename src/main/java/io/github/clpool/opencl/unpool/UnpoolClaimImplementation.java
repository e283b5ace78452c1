package io.github.clpool.opencl.unpool;

import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.plan.KernelArgument;
import io.github.clpool.opencl.plan.Launch;
import io.github.clpool.opencl.plan.LaunchPlan;
import io.github.clpool.opencl.plan.OpenClImplementation;
import java.util.ArrayList;
import java.util.List;

/**
 * Unpooling with atomic claims: every value claims its cell, the highest index keeps it. Takes
 * everything.
 */
public final class UnpoolClaimImplementation implements OpenClImplementation {
  @Override
  public String name() {
    return "claim";
  }

  @Override
  public boolean takesViews() {
    return true;
  }

  @Override
  public Verdict accepts(Problem problem, DeviceProfile device) {
    return accept("takes everything");
  }

  @Override
  public LaunchPlan plan(Problem problem, DeviceProfile device) {
    UnpoolLaunches launches = new UnpoolLaunches(problem, device, "max_unpool");
    KernelArgument owners = new KernelArgument.Temporary(0);
    KernelArgument positions = new KernelArgument.Buffer(Role.POSITIONS);
    List<Launch> plan = new ArrayList<>();
    plan.add(launches.perOutput("clear", List.of(owners)));
    plan.add(launches.checking("claim", List.of(positions, owners)));
    if (problem.direction() == Direction.FORWARD) {
      KernelArgument x = new KernelArgument.Buffer(Role.INPUT);
      KernelArgument y = new KernelArgument.Buffer(Role.OUTPUT);
      plan.add(launches.perOutput("forward", List.of(x, owners, y)));
    } else {
      KernelArgument g = new KernelArgument.Buffer(Role.GRAD_OUTPUT);
      KernelArgument dx = new KernelArgument.Buffer(Role.GRAD_INPUT);
      plan.add(launches.perInput("backward", List.of(g, positions, owners, dx)));
    }
    return new LaunchPlan(plan, List.of(problem.output().elements() * Integer.BYTES));
  }
}
