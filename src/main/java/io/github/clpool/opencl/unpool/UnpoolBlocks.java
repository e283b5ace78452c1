package io.github.clpool.opencl.unpool;

import io.github.clpool.op.MaxUnpool;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Window;
import io.github.clpool.opencl.plan.KernelArgument;
import io.github.clpool.opencl.plan.Macros;
import io.github.clpool.tensor.Shape;
import java.util.List;
import java.util.Optional;

/**
 * The blocks of cells in which a pooling over windows that do not overlap leaves each value. A
 * guess, which the kernel checks: nobody has to keep to the windows. Immutable.
 *
 * @param problem the problem
 * @param strides the sizes of a block along depth, height and width
 */
record UnpoolBlocks(Problem problem, List<Integer> strides) {
  /** The widths that the kernel has vectors for. */
  private static final int NARROWEST = 2;

  private static final int WIDEST = 4;
  private static final int CACHE_LINE = 64;

  /** The blocks, if there may be some. */
  static Optional<UnpoolBlocks> of(Problem problem) {
    MaxUnpool unpool = (MaxUnpool) problem.operator();
    boolean disjoint =
        unpool
            .window()
            .map(window -> areBlocks(window, problem.output()))
            .orElse(unpool.distinctPositions());
    Shape small = problem.input();
    Shape large = problem.output();
    List<Integer> strides =
        List.of(
            ratio(large.d(), small.d()), ratio(large.h(), small.h()), ratio(large.w(), small.w()));
    return disjoint && strides.get(2) >= NARROWEST && strides.get(2) <= WIDEST
        ? Optional.of(new UnpoolBlocks(problem, strides))
        : Optional.empty();
  }

  /** Rounded: a last window may be cut off, or cells be left over. */
  private static int ratio(int large, int small) {
    return Math.max(1, Math.round((float) large / small));
  }

  private static boolean areBlocks(Window window, Shape pooled) {
    return window.before().stream().allMatch(cells -> cells == 0)
        && window.geometry(pooled).isDisjoint();
  }

  /** Adds what the kernel needs to know; large outputs go past the caches where they can. */
  void add(boolean large, Macros macros, List<KernelArgument> arguments) {
    macros.put("STRIDE", Integer.toString(strides.get(2)));
    int bytes = problem.type().bytes();
    boolean lines = bytes >= Float.BYTES && problem.output().w() * bytes % CACHE_LINE == 0;
    macros.flag("ALIGNED", large && lines);
    for (Shape shape : List.of(problem.input(), problem.output())) {
      arguments.add(new KernelArgument.Int(shape.d()));
      arguments.add(new KernelArgument.Int(shape.h()));
      arguments.add(new KernelArgument.Int(shape.w()));
    }
    arguments.add(new KernelArgument.Int(strides.get(0)));
    arguments.add(new KernelArgument.Int(strides.get(1)));
  }
}
