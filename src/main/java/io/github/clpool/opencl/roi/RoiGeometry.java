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
import io.github.clpool.opencl.plan.Macros;
import io.github.clpool.tensor.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The geometry of a call's regions: tables that kernels make of the boxes in device memory, and
 * that others read; twin of {@code lib/rois.clh}. How large they are, the boxes do not say.
 * Immutable.
 *
 * @param problem the call
 * @param device where it runs
 * @param tileHeight the rows of a tile
 * @param tileWidth the columns of a tile
 */
record RoiGeometry(Problem problem, DeviceProfile device, int tileHeight, int tileWidth) {
  /** The temporary of a plan that the tables are in. */
  static final int TABLES = 0;

  private static final String FILE = "roi_geometry";
  private static final int MARGIN = 16; // as in the kernel
  private static final int PAIR = 2;
  private static final int MOST_ALONG = 1 << 10; // its square is the most that a bin may have
  private static final int STEPS_OF_SAMPLE = 8; // more than loops take

  private RoiOperator operator() {
    return (RoiOperator) problem.operator();
  }

  private boolean isBackward() {
    return problem.direction() == Direction.BACKWARD;
  }

  private boolean ofSamples() {
    return operator().interpolates() && !operator().averages();
  }

  private boolean ofWeights() {
    return operator().interpolates() && operator().averages();
  }

  /** How many samples of a bin the kernels can go through. */
  private int mostSamples() {
    return ofSamples()
        ? (int) Math.min(device.loopLimit() / STEPS_OF_SAMPLE, RoiAlign.MOST_SAMPLES)
        : RoiAlign.MOST_SAMPLES;
  }

  private int samplingRatio() {
    return operator().samplingRatio();
  }

  private long count() {
    return problem.output().n();
  }

  private long bins() {
    return (long) operator().outputHeight() + operator().outputWidth();
  }

  private int down() {
    return (problem.input().h() - 1) / tileHeight + 1;
  }

  private int across() {
    return (problem.input().w() - 1) / tileWidth + 1;
  }

  /** How many entries the bins of a region may have along an axis. */
  private long room(int bins, int size) {
    long cells = size + 2 + (long) MARGIN * bins;
    if (ofWeights()) {
      return cells;
    } else if (ofSamples()) {
      return samplingRatio() > 0 ? (long) bins * Math.min(samplingRatio(), MOST_ALONG) : 2 * cells;
    }
    return 0;
  }

  private long roomRows() {
    return room(operator().outputHeight(), problem.input().h());
  }

  private long roomColumns() {
    return room(operator().outputWidth(), problem.input().w());
  }

  /** How many ints each table has, in their order. */
  private long[] sizes() {
    int number = problem.type() == DataType.FLOAT64 ? 2 : 1;
    long bins = count() * bins();
    long entries = count() * (roomRows() + roomColumns());
    boolean back = isBackward();
    return new long[] {
      ofWeights() ? number * count() : 0, // divisors
      number * entries, // numbers
      count(), // images
      entries > 0 ? PAIR * bins : 0, // bins
      PAIR * bins, // cells
      ofWeights() ? bins : 0, // origins
      entries, // positions
      back ? PAIR * positions() : 0, // covers
      back ? 2 * PAIR * count() : 0, // boxes
      back ? tileWords() : 0
    };
  }

  private long positions() {
    return count() * ((long) problem.input().h() + problem.input().w());
  }

  private long tileWords() {
    return problem.input().n() * down() * across() * ((count() - 1) / Integer.SIZE + 1);
  }

  private long ints() {
    return Math.max(1, LongStream.of(sizes()).sum());
  }

  /** The size of the tables. */
  long bytes() {
    return ints() * Integer.BYTES;
  }

  /** Whether kernels can count the ints of the tables. */
  boolean fits() {
    return ints() <= Integer.MAX_VALUE;
  }

  private KernelArgument tables() {
    return new KernelArgument.Temporary(TABLES);
  }

  private KernelArgument fault() {
    return new KernelArgument.Fault(new RoiFault(problem, mostSamples()));
  }

  /** The geometry as {@code lib/rois.clh} has it. */
  private KernelArgument struct() {
    int[] numbers = {
      problem.input().h(),
      problem.input().w(),
      operator().outputHeight(),
      operator().outputWidth(),
      (int) problem.input().c(),
      (int) problem.input().n(),
      (int) count(),
      tileHeight,
      tileWidth,
      down(),
      across(),
      (int) roomRows(),
      (int) roomColumns()
    };
    long[] sizes = sizes();
    int[] words = Arrays.copyOf(numbers, numbers.length + sizes.length);
    long offset = 0;
    for (int i = 0; i < sizes.length; i++) {
      words[numbers.length + i] = (int) offset;
      offset += sizes[i];
    }
    int[] divisors =
        Grid.divisors(problem.input().w(), operator().outputWidth(), tileHeight, tileWidth).words();
    return new KernelArgument.Struct(
        IntStream.concat(Arrays.stream(words), Arrays.stream(divisors)).toArray());
  }

  /** What kernels are given that read it. */
  List<KernelArgument> arguments() {
    return List.of(tables(), fault(), struct());
  }

  /** The launches that make it. */
  List<Launch> launches() {
    List<Launch> launches = new ArrayList<>();
    launches.add(bins(count() * bins()));
    if (isBackward()) {
      launches.add(launch("covers", positions()));
      launches.add(launch("tiles", tileWords()));
    }
    return launches;
  }

  private Launch bins(long items) {
    List<KernelArgument> arguments = new ArrayList<>(KernelArgument.buffers(Role.ROIS));
    if (problem.has(Role.BATCH_INDICES)) {
      arguments.add(new KernelArgument.Buffer(Role.BATCH_INDICES));
    }
    arguments.addAll(arguments());
    arguments.add(scale());
    arguments.add(new KernelArgument.Int(samplingRatio()));
    arguments.add(new KernelArgument.Int(mostSamples()));
    return launch("bins", items, arguments);
  }

  private KernelArgument scale() {
    double scale = operator().spatialScale();
    if (problem.type() != DataType.FLOAT64) {
      return new KernelArgument.Struct(Float.floatToRawIntBits((float) scale));
    }
    long bits = Double.doubleToRawLongBits(scale);
    return new KernelArgument.Struct((int) bits, (int) (bits >>> Integer.SIZE));
  }

  private Launch launch(String suffix, long items) {
    return launch(suffix, items, arguments());
  }

  private Launch launch(String suffix, long items, List<KernelArgument> arguments) {
    return Launch.perElement(FILE + ".cl", macros(), FILE + "_" + suffix, arguments, items, device);
  }

  private Macros macros() {
    boolean isShort = samplingRatio() > 0 && samplingRatio() <= Sums.BLOCK;
    Macros macros =
        Macros.ofElements(problem)
            .division(true, problem.type(), device)
            .flag("BATCH_APART", problem.has(Role.BATCH_INDICES))
            .shortSums(!ofWeights() || isShort);
    if (operator() instanceof RoiAlign align) {
      macros.put("BINS", ofSamples() ? "OF_SAMPLES" : "OF_WEIGHTS");
      macros.flag("CENTRED", align.isAligned()).flag("SPREADS", isBackward() && ofWeights());
    }
    return macros;
  }
}
