package io.github.clpool.opencl;

import io.github.clpool.backend.Verdict;
import io.github.clpool.op.AxisRegions;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Divisor;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * Whole planes on a CPU: a work-item reads its planes from front to end, eight columns at a time.
 */
final class GlobalImplementation implements OpenClImplementation {
  /** Two levels of blocks of 64 terms. */
  private static final int MOST_TERMS = 64 * 64;

  /** Fewer cells than this are not worth a work-item. */
  private static final int CELLS_PER_ITEM = 1024;

  private static final int LANES = 8;

  @Override
  public String name() {
    return "global";
  }

  @Override
  public Verdict accepts(Problem problem, DeviceProfile device) {
    if (problem.direction() != Direction.FORWARD) {
      return refuse("it computes no gradients");
    }
    if (problem.layout() != Layout.NCHW) {
      return refuse("the layout is " + problem.layout());
    }
    if (problem.has(Role.INDICES)) {
      return refuse("it finds no indices");
    }
    boolean sums = PoolFamily.of(problem).sums();
    Geometry geometry = PoolFamily.geometry(problem);
    for (int i = 0; i < 3; i++) {
      AxisRegions axis = geometry.axis(i);
      boolean whole =
          axis.outputSize() == 1
              && axis.taps(0) == axis.inputSize()
              && axis.paddedTaps(0) == axis.inputSize()
              && axis.origin(0) == 0
              && axis.step() == 1;
      if (!whole) {
        return refuse("a region is not a whole plane");
      }
      if (sums && axis.inputSize() > MOST_TERMS) {
        return refuse("sums have more than " + MOST_TERMS + " terms along an axis");
      }
    }
    return accept("each region is a whole plane");
  }

  @Override
  public long iterations(Problem problem, DeviceProfile device) {
    Shape input = problem.input();
    long blocks = input.h() / LANES + 1; // fewer than that
    long slices = Loops.nest(input.d(), input.h() + 3 * blocks);
    return Loops.nest(
        planesPerItem(problem), Loops.nest(input.w() / LANES + 1, slices + 4 * LANES));
  }

  private static int planesPerItem(Problem problem) {
    return Math.max(1, CELLS_PER_ITEM / problem.input().planeSize());
  }

  @Override
  public LaunchPlan plan(Problem problem, DeviceProfile device) {
    PoolFamily family = PoolFamily.of(problem);
    SortedMap<String, String> macros = family.macros(problem, device);
    Shape input = problem.input();
    long planes = input.planeCount();
    int planesPerItem = planesPerItem(problem);
    List<KernelArgument> arguments = new ArrayList<>(family.buffers(problem));
    arguments.add(new KernelArgument.Int(input.d()));
    arguments.add(new KernelArgument.Int(input.h()));
    arguments.add(new KernelArgument.Int(input.w()));
    arguments.add(new KernelArgument.Long(planes));
    arguments.add(new KernelArgument.Int(planesPerItem));
    arguments.add(new KernelArgument.Long(input.elements()));
    if (family instanceof SumFamily sum) {
      boolean fixed = sum.divisor().kind() == Divisor.Kind.FIXED;
      arguments.add(new KernelArgument.Int(fixed ? sum.divisor().fixed() : input.planeSize()));
    }
    String word = family.word() + "_global";
    return LaunchPlan.of(
        new Launch(
            word + ".cl",
            macros,
            family.kernel(word, problem),
            arguments,
            List.of(Math.max(1, (planes + planesPerItem - 1) / planesPerItem)),
            List.of(1L)));
  }
}
