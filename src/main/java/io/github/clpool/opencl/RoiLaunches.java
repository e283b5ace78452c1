package io.github.clpool.opencl;

import io.github.clpool.exact.Sums;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Problem;
import io.github.clpool.op.RoiAlign;
import io.github.clpool.op.RoiOperator;
import io.github.clpool.op.RoiPool;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Launches of kernels on regions of interest with a work-item per output or per cell, both layouts.
 * Immutable.
 *
 * @param problem the problem
 * @param device the device
 */
record RoiLaunches(Problem problem, DeviceProfile device) {
  private static final int TILE_HEIGHT = 8;
  private static final int TILE_WIDTH = 32;

  private RoiOperator operator() {
    return (RoiOperator) problem.operator();
  }

  boolean isForward() {
    return problem.direction() == Direction.FORWARD;
  }

  /** Whether maxima are taken of interpolated samples. */
  boolean ofSamples() {
    return operator() instanceof RoiAlign align && align.mode() != RoiAlign.Mode.AVG;
  }

  /** Whether a gradient spreads over weighted cells. */
  boolean spreads() {
    return !isForward() && operator() instanceof RoiAlign && !ofSamples();
  }

  /** The greater number of bins of a region along an axis. */
  int mostBins() {
    return Math.max(operator().outputHeight(), operator().outputWidth());
  }

  /** How the file and its functions begin. */
  String word() {
    return operator().name() + (ofSamples() ? "_max" : "");
  }

  /** The macros that say what is computed. */
  SortedMap<String, String> macros() {
    SortedMap<String, String> macros = new TreeMap<>();
    macros.put("TYPE", problem.type().name());
    PoolFamily.flag(macros, "CHANNELS_LAST", problem.layout() == Layout.NHWC);
    PoolFamily.flag(macros, "ACCUMULATE", problem.accumulate());
    PoolFamily.flag(macros, "INDICES", isForward() && problem.has(Role.INDICES));
    if (operator() instanceof RoiAlign align) {
      PoolFamily.flag(macros, "OF_CORNERS", align.mode() == RoiAlign.Mode.MAX_ONNX);
    } else {
      PoolFamily.flag(macros, "AVERAGE", averages());
    }
    if (problem.type() != DataType.FLOAT64 && !ofSamples()) {
      macros.put("DIVISION", device.division() + "_DIVISION");
    }
    int rows = isForward() ? problem.input().h() : operator().outputHeight();
    int columns = isForward() ? problem.input().w() : operator().outputWidth();
    if (!ofSamples() && Math.max(rows, columns) <= Sums.BLOCK) {
      macros.put("LONG_SUMS", "0");
    }
    return macros;
  }

  private boolean averages() {
    return operator() instanceof RoiPool pool && pool.averages();
  }

  Launch perOutput(String suffix, KernelArgument... buffers) {
    return perCell(suffix, problem.output(), buffers);
  }

  Launch perInput(String suffix, KernelArgument... buffers) {
    return perCell(suffix, problem.input(), buffers);
  }

  private Launch perCell(String suffix, Shape items, KernelArgument... buffers) {
    boolean channelsLast = problem.layout() == Layout.NHWC;
    List<Long> global =
        channelsLast
            ? List.of(items.c(), (long) items.planeSize(), items.n())
            : List.of((long) items.planeSize(), items.planeCount());
    int planes = (int) (channelsLast ? items.n() : items.planeCount());
    return launch(
        suffix,
        List.of(buffers),
        tables(),
        List.of(new KernelArgument.Int(planes)),
        global,
        CellLaunch.local(global, device));
  }

  /**
   * Any launch.
   *
   * @param suffix what follows the operator's word in the function's name; the file's name too, up
   *     to the last word
   */
  Launch launch(
      String suffix,
      List<KernelArgument> buffers,
      RoiTables tables,
      List<KernelArgument> tail,
      List<Long> global,
      List<Long> local) {
    List<KernelArgument> arguments = new ArrayList<>(buffers);
    arguments.add(new KernelArgument.Drawn(tables));
    arguments.addAll(sizes());
    arguments.addAll(tail);
    String kernel = word() + "_" + suffix;
    String file = kernel.substring(0, kernel.lastIndexOf('_')) + ".cl";
    return new Launch(file, macros(), kernel, arguments, global, local);
  }

  /** Tables with tiles of a usual size. */
  RoiTables tables() {
    return tables(TILE_HEIGHT, TILE_WIDTH);
  }

  RoiTables tables(int tileHeight, int tileWidth) {
    return new RoiTables(problem, tileHeight, tileWidth, device.loopLimit());
  }

  /** The sizes of a plane, of a region and of a cell. */
  List<KernelArgument> sizes() {
    return List.of(
        new KernelArgument.Int(problem.input().h()),
        new KernelArgument.Int(problem.input().w()),
        new KernelArgument.Int(operator().outputHeight()),
        new KernelArgument.Int(operator().outputWidth()),
        new KernelArgument.Int((int) problem.input().c()));
  }
}
