package io.github.clpool.opencl.roi;

import io.github.clpool.exact.Sums;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Problem;
import io.github.clpool.op.RoiAlign;
import io.github.clpool.op.RoiOperator;
import io.github.clpool.op.Role;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.plan.Grid;
import io.github.clpool.opencl.plan.KernelArgument;
import io.github.clpool.opencl.plan.Launch;
import io.github.clpool.opencl.plan.LaunchPlan;
import io.github.clpool.opencl.plan.Macros;
import io.github.clpool.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

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

  RoiOperator operator() {
    return (RoiOperator) problem.operator();
  }

  boolean isForward() {
    return problem.direction() == Direction.FORWARD;
  }

  /** Whether maxima are taken of interpolated samples. */
  boolean ofSamples() {
    return operator().interpolates() && !operator().averages();
  }

  /** Whether a gradient spreads over weighted cells. */
  boolean spreads() {
    return !isForward() && operator().interpolates() && operator().averages();
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
    Macros macros =
        Macros.of(problem)
            .flag("INDICES", isForward() && problem.has(Role.INDICES))
            .flag("OF_CORNERS", ofCorners())
            .flag("AVERAGE", operator().averages() && !operator().interpolates())
            .division(!ofSamples(), problem.type(), device);
    int rows = isForward() ? problem.input().h() : operator().outputHeight();
    int columns = isForward() ? problem.input().w() : operator().outputWidth();
    return macros.shortSums(!ofSamples() && Math.max(rows, columns) <= Sums.BLOCK).values();
  }

  private boolean ofCorners() {
    return operator() instanceof RoiAlign align && align.mode() == RoiAlign.Mode.MAX_ONNX;
  }

  Launch perOutput(String suffix, KernelArgument... buffers) {
    return perCell(suffix, problem.output(), buffers);
  }

  Launch perInput(String suffix, KernelArgument... buffers) {
    return perCell(suffix, problem.input(), buffers);
  }

  private Launch perCell(String suffix, Shape items, KernelArgument... buffers) {
    Grid grid = Grid.of(items, problem.layout()); // below 2^31: tables would not fit either
    return launch(
        suffix,
        List.of(buffers),
        geometry(),
        List.of(grid.argument()),
        grid.global(),
        grid.local(device));
  }

  Launch launch(
      String suffix,
      List<KernelArgument> buffers,
      RoiGeometry geometry,
      List<KernelArgument> tail,
      List<Long> global,
      List<Long> local) {
    List<KernelArgument> arguments = new ArrayList<>(buffers);
    arguments.addAll(geometry.arguments());
    arguments.addAll(tail);
    String kernel = word() + "_" + suffix;
    String file = kernel.substring(0, kernel.lastIndexOf('_')) + ".cl";
    return new Launch(file, macros(), kernel, arguments, global, local);
  }

  /** Geometry with tiles of a usual size. */
  RoiGeometry geometry() {
    return geometry(TILE_HEIGHT, TILE_WIDTH);
  }

  RoiGeometry geometry(int tileHeight, int tileWidth) {
    return new RoiGeometry(problem, device, tileHeight, tileWidth);
  }

  /** A plan of launches that read the geometry, which is made first; temporaries follow its own. */
  static LaunchPlan plan(RoiGeometry geometry, List<Launch> launches, List<Long> temporaries) {
    List<Launch> all = new ArrayList<>(geometry.launches());
    all.addAll(launches);
    List<Long> bytes = new ArrayList<>(List.of(geometry.bytes()));
    bytes.addAll(temporaries);
    return new LaunchPlan(all, bytes);
  }
}
