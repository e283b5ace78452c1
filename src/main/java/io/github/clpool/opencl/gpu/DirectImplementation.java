package io.github.clpool.opencl.gpu;

import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.opencl.plan.AxisArguments;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.plan.Grid;
import io.github.clpool.opencl.plan.KernelArgument;
import io.github.clpool.opencl.plan.Launch;
import io.github.clpool.opencl.plan.LaunchPlan;
import io.github.clpool.opencl.plan.Macros;
import io.github.clpool.opencl.plan.OpenClImplementation;
import io.github.clpool.opencl.plan.OutputLaunches;
import io.github.clpool.opencl.plan.PoolCall;
import io.github.clpool.opencl.plan.ReductionHeader;
import io.github.clpool.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * One work-item per output; for gradients one per output for what it gives, then one per cell.
 * Takes everything.
 */
public final class DirectImplementation implements OpenClImplementation {
  /** The steps of searches for the outputs of a cell, where regions are fractional. */
  private static final long SEARCHES = 3 * 2 * (Integer.SIZE + 1);

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
  public long iterations(Problem problem, DeviceProfile device) {
    ReductionHeader reduction = ReductionHeader.of(problem.pool(), problem.type());
    double most = reduction.passes(problem.type()) * PoolCall.loops(problem) + SEARCHES;
    if (problem.has(Role.GRAD_WEIGHTS)) {
      Shape output = problem.output();
      most =
          Math.max(
              most, 2.0 * output.d() * output.h() + 2.0 * output.n() * output.w() + output.c());
    }
    return (long) Math.min(Long.MAX_VALUE, most);
  }

  @Override
  public LaunchPlan plan(Problem problem, DeviceProfile device) {
    PoolCall call = PoolCall.of(problem, device);
    if (call.isForward()) {
      return LaunchPlan.of(OutputLaunches.forward(call, "direct", perOutput(call)));
    } else if (call.isSelectionGradient()) {
      return LaunchPlan.of(selectionGradient(call));
    }
    return OutputLaunches.gradient(call, "direct", perOutput(call), gradient(call));
  }

  /** The sizes of a launch per output. */
  private static OutputLaunches.Range perOutput(PoolCall call) {
    Grid grid = Grid.of(call.problem(), call.problem().output().planeSize());
    Macros macros = call.macros().flag("LARGE", grid.isLarge());
    if (call.reduction().sums() && call.hasShortSums(true)) {
      macros.put("LONG_SUMS", 0);
    }
    return new OutputLaunches.Range(macros, grid, null, grid.global(), grid.local(call.device()));
  }

  /** Gathers what outputs give, any regions. */
  static Launch gradient(PoolCall call) {
    Problem problem = call.problem();
    Grid grid = Grid.of(problem.input(), problem.layout());
    List<KernelArgument> buffers = new ArrayList<>();
    buffers.addAll(call.present(List.of(Role.INPUT, Role.LOGITS, Role.WEIGHTS)));
    buffers.add(OutputLaunches.GIVEN);
    buffers.addAll(call.gradients());
    List<KernelArgument> arguments = new ArrayList<>(buffers);
    arguments.addAll(new AxisArguments(call, Direction.BACKWARD).all());
    arguments.add(grid.argument());
    arguments.add(new KernelArgument.Int(call.ownWeights()));
    Macros macros = OutputLaunches.gathered(call).flag("LARGE", grid.isLarge());
    if (call.hasShortSums(false)) {
      macros.put("LONG_SUMS", 0);
    }
    return new Launch(
        "direct_gradient.cl",
        macros.values(),
        "direct_gradient",
        arguments,
        grid.global(),
        grid.local(call.device()));
  }

  private static Launch selectionGradient(PoolCall call) {
    Grid grid = Grid.of(call.problem().input(), call.problem().layout());
    boolean magnitudes = call.reduction().takesMagnitudes();
    List<KernelArgument> arguments = new ArrayList<>(call.buffers());
    arguments.addAll(new AxisArguments(call, Direction.BACKWARD).all());
    arguments.add(grid.argument());
    Macros macros =
        Macros.of(call.problem())
            .flag("FRACTIONAL", call.isFractional())
            .flag("LARGE", grid.isLarge())
            .flag("MAGNITUDES", magnitudes);
    return new Launch(
        "selection_gradient.cl",
        macros.values(),
        "selection_gradient",
        arguments,
        grid.global(),
        grid.local(call.device()));
  }
}
