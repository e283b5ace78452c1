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

  /** What the numbers of a work-item's channels take at most. */
  private static final int MOST_BYTES = 32;

  /** With several results each, fewer work-items keep a GPU busy. */
  private static final int SHARE_OF_BUSY_ITEMS = 4;

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

  /** Whether a gradient sums what outputs give, made by a kernel of its own. */
  boolean sumsShares() {
    return !isForward() && operator().averages();
  }

  /** The macros that say what is computed. */
  private Macros macros() {
    Macros macros =
        Macros.of(problem)
            .flag("INDICES", isForward() && problem.has(Role.INDICES))
            .flag("OF_CORNERS", ofCorners())
            .flag("AVERAGE", operator().averages() && !operator().interpolates())
            .division(!ofSamples(), problem.type(), device);
    return macros.shortSums(!ofSamples() && hasShortSums());
  }

  /** Whether no bin, or for gradients no cell, can have more than a block along an axis. */
  private boolean hasShortSums() {
    int rows = isForward() ? problem.input().h() : operator().outputHeight();
    int columns = isForward() ? problem.input().w() : operator().outputWidth();
    return Math.max(rows, columns) <= Sums.BLOCK;
  }

  /** The same for work-items that have several channels. */
  private Macros ofChannels(int channels) {
    Macros macros = macros().channels(channels);
    long samples = (long) operator().samplingRatio() * operator().samplingRatio();
    boolean areKnown = samples > 0 && samples <= RoiAlign.MOST_SAMPLES;
    return areKnown && operator().averages() ? macros.put("SAMPLES", samples) : macros;
  }

  /**
   * How many neighbouring channels a work-item has: all that depends on the place alone it finds
   * once for all of them. Blocks of sums would take too many registers in a gradient; an output
   * goes through them one channel after the other, more often than some devices may bear.
   */
  private int channels() {
    boolean hasBlocks = !hasShortSums() && (isForward() ? device.endsLoops() : sumsShares());
    boolean isAlone = ofSamples() || hasBlocks;
    long most = isAlone ? 1 : MOST_BYTES / problem.type().computingType().bytes();
    long busy = device.isProcessor() ? 1 : device.busyItems() / SHARE_OF_BUSY_ITEMS;
    Shape shape = isForward() ? problem.output() : problem.input();
    long channels = most;
    while (channels > 1 && (shape.c() % channels != 0 || shape.elements() / channels < busy)) {
      channels /= 2;
    }
    return (int) channels;
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
    // Below 2^31 work-items: tables would not fit either.
    int channels = channels();
    Grid grid = Grid.of(items, problem.layout()).ofNeighbours(channels);
    return launch(
        ofChannels(channels),
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
    return launch(macros(), suffix, buffers, geometry, tail, global, local);
  }

  private Launch launch(
      Macros macros,
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
    return new Launch(file, macros.values(), kernel, arguments, global, local);
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
