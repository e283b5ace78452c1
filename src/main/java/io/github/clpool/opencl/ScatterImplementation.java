package io.github.clpool.opencl;

import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Problem;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Gradients of selections on a CPU: the owner of a plane adds each output's gradient to the cell
 * that it selected, if that is in its region.
 */
final class ScatterImplementation implements OpenClImplementation {
  /** Outputs that are looked through at once. */
  private static final int LANES = 8;

  @Override
  public String name() {
    return "scatter";
  }

  @Override
  public boolean placesPerPlane() {
    return true;
  }

  @Override
  public Verdict accepts(Problem problem, DeviceProfile device) {
    String misfit = misfit(problem);
    return misfit == null
        ? accept("a selection's gradient goes to the selected cells only")
        : refuse(misfit);
  }

  /** Whether it accepts a problem. */
  static boolean takes(Problem problem) {
    return misfit(problem) == null;
  }

  private static String misfit(Problem problem) {
    if (problem.direction() != Direction.BACKWARD) {
      return "it computes gradients only";
    }
    if (!(PoolFamily.of(problem) instanceof SelectFamily select) || select.magnitudes()) {
      return "the gradient does not go to selected cells as it is";
    }
    if (problem.layout() != Layout.NCHW) {
      return "the layout is " + problem.layout();
    }
    if (problem.accumulate()) {
      return "sums are kept in the result, which is added to";
    }
    if (problem.type() != DataType.FLOAT32 && problem.type() != DataType.FLOAT64) {
      return "sums are kept in the result, which is " + problem.type();
    }
    return null;
  }

  @Override
  public long iterations(Problem problem, DeviceProfile device) {
    Shape outputs = problem.output();
    Geometry regions = PoolFamily.geometry(problem);
    long looked = Loops.nest(outputs.w() / LANES + 1, regions.d().maxTaps(), regions.h().maxTaps());
    return problem.input().planeSize()
        + outputs.w()
        + Loops.nest(outputs.d(), outputs.h(), outputs.w() + looked + 2)
        + 4;
  }

  @Override
  public LaunchPlan plan(Problem problem, DeviceProfile device) {
    PoolFamily family = PoolFamily.of(problem);
    long planes = problem.input().planeCount();
    List<KernelArgument> arguments = new ArrayList<>(family.buffers(problem));
    arguments.addAll(AxisArguments.of(problem, problem.direction()));
    arguments.add(new KernelArgument.Int((int) planes));
    String word = family.word() + "_scatter";
    return LaunchPlan.of(
        new Launch(
            word + ".cl",
            family.macros(problem, device),
            family.kernel(word, problem),
            arguments,
            List.of(1L, planes),
            List.of(1L, 1L)));
  }
}
