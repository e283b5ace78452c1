package io.github.clpool.opencl.gpu;

import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.plan.KernelArgument;
import io.github.clpool.opencl.plan.Launch;
import io.github.clpool.opencl.plan.LaunchPlan;
import io.github.clpool.opencl.plan.Macros;
import io.github.clpool.opencl.plan.OpenClImplementation;
import java.util.ArrayList;
import java.util.List;

/** One work-item per element. */
public final class SoftGateImplementation implements OpenClImplementation {
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
    boolean forward = problem.direction() == Direction.FORWARD;
    Macros macros =
        Macros.ofElements(problem)
            .flag("ACCUMULATE", problem.accumulate())
            .division(true, problem.type(), device);
    long elements = problem.input().elements();
    List<KernelArgument> arguments =
        new ArrayList<>(
            forward
                ? KernelArgument.buffers(Role.INPUT, Role.OUTPUT)
                : KernelArgument.buffers(Role.INPUT, Role.GRAD_OUTPUT, Role.GRAD_INPUT));
    arguments.add(new KernelArgument.Long(elements));
    return LaunchPlan.of(
        Launch.perElement(
            "soft_gate.cl",
            macros,
            forward ? "soft_gate_forward" : "soft_gate_backward",
            arguments,
            elements,
            device));
  }
}
