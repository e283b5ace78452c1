package io.github.clpool.opencl.gpu;

import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Problem;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.plan.Grid;
import io.github.clpool.opencl.plan.Launch;
import io.github.clpool.opencl.plan.LaunchPlan;
import io.github.clpool.opencl.plan.Macros;
import io.github.clpool.opencl.plan.OpenClImplementation;
import io.github.clpool.opencl.plan.OutputLaunches;
import io.github.clpool.opencl.plan.PoolCall;

/**
 * One work-item per output; for gradients one per output for what it gives, then one per cell.
 * Takes everything.
 */
public final class DirectImplementation implements OpenClImplementation {
  @Override
  public String name() {
    return "direct";
  }

  @Override
  public boolean placesPerPlane() {
    return true;
  }

  @Override
  public boolean takesWindowsInPadding() {
    return true;
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
    PoolCall call = PoolCall.of(problem, device);
    if (call.isForward()) {
      return LaunchPlan.of(OutputLaunches.forward(call, "direct", perOutput(call)));
    }
    return call.isSelectionGradient()
        ? LaunchPlan.of(gradient(call))
        : OutputLaunches.gradient(call, "direct", perOutput(call), gradient(call));
  }

  /** The sizes of a launch per output. */
  static OutputLaunches.Range perOutput(PoolCall call) {
    Grid grid = Grid.of(call.problem(), call.problem().output().planeSize());
    boolean shortSums = call.reduction().sums() && call.hasShortSums(true);
    Macros macros = call.macros().grid(grid).shortSums(shortSums);
    return new OutputLaunches.Range(macros, grid, null, grid.global(), grid.local(call.device()));
  }

  /** Gathers what outputs give, or the gradients of those that selected a cell; any regions. */
  static Launch gradient(PoolCall call) {
    if (DisjointGradient.fits(call)) {
      return new DisjointGradient(call).launch();
    }
    boolean selects = call.isSelectionGradient();
    Grid grid = Grid.of(call.problem().input(), call.problem().layout());
    Macros macros =
        OutputLaunches.gatherMacros(call, grid).shortSums(!selects && call.hasShortSums(false));
    String word = selects ? "selection_gradient" : "direct_gradient";
    return new Launch(
        word + ".cl",
        macros.values(),
        word,
        OutputLaunches.gatherArguments(call, grid),
        grid.global(),
        grid.local(call.device()));
  }
}
