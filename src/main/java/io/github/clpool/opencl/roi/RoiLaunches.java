package io.github.clpool.opencl.roi;

import io.github.clpool.exact.Sums;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Problem;
import io.github.clpool.op.RoiAlign;
import io.github.clpool.op.RoiOperator;
import io.github.clpool.op.RoiPool;
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

  /** What the numbers of a work-item's channels take at most. */
  private static final int MOST_BYTES = 32;

  /** With several results each, fewer work-items keep a GPU busy. */
  private static final int SHARE_OF_BUSY_ITEMS = 4;

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

  /** Whether a gradient sums what outputs give, made by a kernel of its own. */
  boolean sumsShares() {
    return !isForward() && (averages() || spreads());
  }

  /** The macros that say what is computed. */
  SortedMap<String, String> macros() {
    return common().values();
  }

  private Macros common() {
    Macros macros =
        Macros.of(problem)
            .flag("INDICES", isForward() && problem.has(Role.INDICES))
            .flag("OF_CORNERS", ofCorners())
            .flag("AVERAGE", averages())
            .division(!ofSamples(), problem.type(), device);
    int rows = isForward() ? problem.input().h() : operator().outputHeight();
    int columns = isForward() ? problem.input().w() : operator().outputWidth();
    return macros.shortSums(!ofSamples() && Math.max(rows, columns) <= Sums.BLOCK);
  }

  /** The same for work-items that have several channels. */
  private Macros ofChannels() {
    Macros macros = common().channels(channels());
    boolean knowsSamples = operator() instanceof RoiAlign && !ofSamples() && samples(0) > 0;
    return knowsSamples && samples(0) <= RoiAlign.MOST_SAMPLES
        ? macros.put("SAMPLES", (long) samples(0))
        : macros;
  }

  /**
   * How many neighbouring channels a work-item has: all that depends on the place alone it finds
   * once for all of them. Blocks of sums would take too many registers.
   */
  private int channels() {
    boolean isDeep = !ofSamples() && !(sumsShares() && mostBins() > Sums.BLOCK);
    long most = isDeep ? MOST_BYTES / problem.type().computingType().bytes() : 1;
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

  /**
   * How often the loops of a work-item that makes one result go round at most: over the cells of a
   * bin, over its samples, or for gradients over all bins.
   */
  double iterations() {
    return channels() * iterationsOfChannel();
  }

  private double iterationsOfChannel() {
    double bins = problem.output().n() * bins();
    double cells = (problem.input().h() + 2.0) * (problem.input().w() + 2.0);
    if (ofSamples()) {
      return 8 * (samples(Double.POSITIVE_INFINITY) + (isForward() ? 0 : bins));
    }
    return 4 * (isForward() ? cells : bins + problem.output().n());
  }

  /** The bins of a region. */
  double bins() {
    return (double) operator().outputHeight() * operator().outputWidth();
  }

  /** The samples of a bin; how many an adaptive one has, only the boxes tell. */
  double samples(double ofAdaptive) {
    double ratio = ((RoiAlign) operator()).samplingRatio();
    return ratio == 0 ? ofAdaptive : ratio * ratio;
  }

  /**
   * The cells of all bins of a region in a plane at most, one and a half too many at each end of a
   * bin; twice as often, loops that go through them go round.
   */
  double cellsOfRegion() {
    return (problem.input().h() + 3.0 * operator().outputHeight())
        * (problem.input().w() + 3.0 * operator().outputWidth());
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
    // Below 2^31 work-items: tables would not fit either.
    Grid grid = Grid.of(items, problem.layout()).ofNeighbours(channels());
    return launch(
        ofChannels(),
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
    return launch(common(), suffix, buffers, geometry, tail, global, local);
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
    return geometry(TILE_HEIGHT, TILE_WIDTH, RoiAlign.MOST_SAMPLES);
  }

  RoiGeometry geometry(int tileHeight, int tileWidth, long mostSamples) {
    return new RoiGeometry(problem, device, tileHeight, tileWidth, mostSamples);
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
