package io.github.clpool.opencl.unpool;

import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.op.WindowAxis;
import io.github.clpool.opencl.plan.AxisArguments;
import io.github.clpool.opencl.plan.Cuts;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.plan.Grid;
import io.github.clpool.opencl.plan.KernelArgument;
import io.github.clpool.opencl.plan.Launch;
import io.github.clpool.opencl.plan.LaunchPlan;
import io.github.clpool.opencl.plan.Macros;
import io.github.clpool.opencl.plan.OpenClImplementation;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Unpooling in one pass, a tile of the result per work-item, where values stay in blocks of their
 * own; planes where one does not are made anew.
 */
public final class UnpoolBlocksImplementation implements OpenClImplementation {
  private static final String FILE = "max_unpool_blocks";

  /** One work-item makes a plane anew, which must not take seconds, nor loops too long. */
  private static long mostCells(DeviceProfile device) {
    return Math.min(1 << 18, device.loopLimit() / 2);
  }

  /** Rows and columns of values of a work-item. */
  private static final int ROWS = 2;

  private static final int COLUMNS = 2;

  @Override
  public String name() {
    return "blocks";
  }

  @Override
  public boolean takesViews() {
    return true;
  }

  @Override
  public Verdict accepts(Problem problem, DeviceProfile device) {
    if (problem.direction() != Direction.FORWARD) {
      return refuse("the gradient is found by position");
    }
    List<WindowAxis> axes = axes(problem);
    if (axes.isEmpty()) {
      return refuse("values may be anywhere");
    }
    return problem.output().planeSize() <= mostCells(device)
        ? accept("each value has a block of cells, in which it should be")
        : refuse("planes have more than " + mostCells(device) + " cells");
  }

  /** The windows of the pooling that is undone, if there may be some, and none is outside. */
  private static List<WindowAxis> axes(Problem problem) {
    List<WindowAxis> axes =
        UnpoolBlocks.of(problem)
            .map(
                blocks -> {
                  Shape large = problem.output();
                  Shape small = problem.input();
                  return List.of(
                      axis(large.d(), small.d(), blocks.strides().get(0)),
                      axis(large.h(), small.h(), blocks.strides().get(1)),
                      axis(large.w(), small.w(), blocks.strides().get(2)));
                })
            .orElse(List.of());
    boolean areInside =
        axes.stream().allMatch(axis -> (axis.outputSize() - 1L) * axis.stride() < axis.inputSize());
    return areInside ? axes : List.of();
  }

  private static WindowAxis axis(int cells, int values, int stride) {
    return new WindowAxis(cells, values, stride, stride, 0, 0, 1);
  }

  @Override
  public LaunchPlan plan(Problem problem, DeviceProfile device) {
    List<WindowAxis> axes = axes(problem);
    WindowAxis h = axes.get(1);
    WindowAxis w = axes.get(2);
    boolean channelsLast = problem.layout() == Layout.NHWC;
    int block = COLUMNS * w.stride();
    boolean isWhole = !channelsLast && w.inputSize() % block == 0;
    int vector = isWhole ? Cuts.vector(problem.type(), block, problem.output().w()) : 1;
    int rows = Math.min(ROWS, h.outputSize());
    int columns = isWhole ? COLUMNS : 1;
    Cuts cuts =
        new Cuts(
            axes.get(0).inputSize(),
            Cuts.blocks(h.inputSize(), (long) rows * h.stride()),
            Cuts.blocks(w.inputSize(), (long) columns * w.stride()));
    Grid grid = Grid.of(problem, cuts.perPlane());
    boolean loadsRows = vector > 1 && w.outputSize() == cuts.across() * columns;
    Macros macros =
        Macros.of(problem)
            .window("D", axes.get(0))
            .window("H", h)
            .window("W", w)
            .put("ROWS", rows)
            .put("COLUMNS", columns)
            .put("VECTOR", vector)
            .flag("ROW_LOADS", loadsRows)
            .grid(grid);
    KernelArgument strays = new KernelArgument.Temporary(0);
    List<KernelArgument> arguments =
        new ArrayList<>(KernelArgument.buffers(Role.INPUT, Role.POSITIONS, Role.OUTPUT));
    arguments.add(strays);
    axes.forEach(axis -> arguments.add(AxisArguments.ofWindow(axis)));
    arguments.add(grid.argument());
    arguments.add(cuts.argument());
    long planes = problem.input().planeCount();
    Launch clear =
        Launch.perElement(
            FILE + ".cl",
            Macros.of(problem),
            FILE + "_clear",
            List.of(strays, new KernelArgument.Int((int) planes)),
            planes,
            device);
    Launch forward =
        new Launch(
            FILE + ".cl",
            macros.values(),
            FILE + "_forward",
            arguments,
            grid.global(),
            grid.local(device));
    return new LaunchPlan(
        List.of(clear, forward, repair(problem, device, strays)), List.of(planes * Integer.BYTES));
  }

  private static Launch repair(Problem problem, DeviceProfile device, KernelArgument strays) {
    Grid planes = Grid.of(problem, 1);
    List<KernelArgument> arguments =
        new ArrayList<>(KernelArgument.buffers(Role.INPUT, Role.POSITIONS, Role.OUTPUT));
    arguments.add(strays);
    arguments.add(new KernelArgument.Int(problem.input().planeSize()));
    arguments.add(new KernelArgument.Int(problem.output().planeSize()));
    arguments.add(planes.argument());
    arguments.add(UnpoolLaunches.fault(problem));
    return new Launch(
        FILE + ".cl",
        Macros.of(problem).grid(planes).values(),
        FILE + "_repair",
        arguments,
        planes.global(),
        planes.local(device));
  }
}
