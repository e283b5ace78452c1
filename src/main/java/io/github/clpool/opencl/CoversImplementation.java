package io.github.clpool.opencl;

import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Problem;
import io.github.clpool.tensor.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * Gradients of sums on a CPU, over any regions: the sums down the columns of the outputs that cover
 * a row of cells are made once for the row.
 */
final class CoversImplementation implements OpenClImplementation {
  /** Three private buffers of a row must fit into the second-level cache, and on a stack. */
  private static final int WIDEST = 8192;

  private static final int NARROWEST = 256;

  /** Fewer cells than this are not worth a work-item. */
  private static final int CELLS_PER_ITEM = 16 << 10;

  @Override
  public String name() {
    return "covers";
  }

  @Override
  public Verdict accepts(Problem problem, DeviceProfile device) {
    if (problem.direction() != Direction.BACKWARD) {
      return refuse("it computes gradients only");
    }
    if (!(PoolFamily.of(problem) instanceof SumFamily)) {
      return refuse("it takes sums and averages only");
    }
    if (problem.layout() != Layout.NCHW) {
      return refuse("the layout is " + problem.layout());
    }
    if (!PoolFamily.hasShortSums(problem)) {
      return refuse("sums have more than 64 terms along an axis");
    }
    int width = width(problem);
    return width <= WIDEST
        ? accept("a row shares the outputs that cover it")
        : refuse("a row has " + width + " cells, more than " + WIDEST);
  }

  private static int width(Problem problem) {
    return Math.max(problem.input().w(), problem.output().w());
  }

  /** Few capacities, since each costs a compilation. */
  private static long capacity(Problem problem) {
    return Math.max(NARROWEST, Integer.highestOneBit(2 * width(problem) - 1));
  }

  private static int rowsPerItem(Problem problem, DeviceProfile device) {
    return device.endsLoops() ? 1 : Math.max(1, CELLS_PER_ITEM / problem.input().w());
  }

  @Override
  public long iterations(Problem problem, DeviceProfile device) {
    Geometry geometry = PoolFamily.geometry(problem);
    long columns =
        Loops.nest(problem.output().w(), geometry.d().maxCovers(), geometry.h().maxCovers());
    long cells = Loops.nest(problem.input().w(), geometry.w().maxCovers());
    return problem.input().w() + Loops.nest(rowsPerItem(problem, device), columns + cells);
  }

  @Override
  public LaunchPlan plan(Problem problem, DeviceProfile device) {
    PoolFamily family = PoolFamily.of(problem);
    SortedMap<String, String> macros = family.macros(problem, device);
    macros.put("CAPACITY", Long.toString(capacity(problem)));
    long planes = problem.input().planeCount();
    int rows = problem.input().d() * problem.input().h();
    int rowsPerItem = rowsPerItem(problem, device);
    List<KernelArgument> arguments = new ArrayList<>(family.buffers(problem));
    arguments.addAll(AxisArguments.of(problem, problem.direction()));
    arguments.add(new KernelArgument.Int((int) planes));
    arguments.add(new KernelArgument.Int(rowsPerItem));
    arguments.addAll(family.tail(problem));
    String word = family.word() + "_covers";
    long bytes = capacity(problem) * (problem.type().computingType().bytes() + 2 * Integer.BYTES);
    return LaunchPlan.of(
        new Launch(
            word + ".cl",
            macros,
            family.kernel(word, problem),
            arguments,
            List.of((rows + rowsPerItem - 1L) / rowsPerItem, planes),
            List.of(1L, 1L),
            bytes));
  }
}
