package io.github.clpool.opencl.cpu;

import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Problem;
import io.github.clpool.opencl.plan.AxisArguments;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.plan.KernelArgument;
import io.github.clpool.opencl.plan.LaunchPlan;
import io.github.clpool.opencl.plan.Macros;
import io.github.clpool.opencl.plan.OpenClImplementation;
import io.github.clpool.opencl.plan.PoolCall;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Layout NHWC on a CPU: a work-item takes rows, all channels of each cell as vectors. */
public final class ChannelsLastImplementation implements OpenClImplementation {
  private static final int LANES = 8;

  /** With more channels than this, a last vector that repeats others does not count. */
  private static final int MANY_CHANNELS = 128;

  /** Fewer elements than this are not worth a work-item. */
  private static final long ELEMENTS_PER_ITEM = 8 << 10;

  /** Comparing so many outputs with each cell takes about as long as to visit each output. */
  private static final int MOST_COMPARED = 32;

  /** How far ahead, in bytes, each row of a window is prefetched. */
  private static final int PREFETCH = 4096;

  /** So many work-items per compute unit that they end at about the same time. */
  private static final int ITEMS_PER_UNIT = 8;

  /** Fewer where neighbouring rows have rows of outputs in common. */
  private static final int ITEMS_OF_SHARED_ROWS = 4;

  @Override
  public String name() {
    return "channels_last";
  }

  @Override
  public boolean ownsRows() {
    return true;
  }

  @Override
  public boolean takesWindowsInPadding() {
    return true;
  }

  @Override
  public Verdict accepts(Problem problem, DeviceProfile device) {
    PoolCall call = PoolCall.of(problem, device);
    long channels = problem.input().c();
    if (!RowsImplementation.hasKernel(call)) {
      return refuse("it has no kernel for that");
    }
    if (problem.layout() != Layout.NHWC) {
      return refuse("the layout is " + problem.layout());
    }
    if (channels < LANES) {
      return refuse("there are " + channels + " channels, fewer than " + LANES);
    }
    if (problem.accumulate() && channels % LANES != 0) {
      return refuse("accumulating needs a multiple of " + LANES + " channels, not " + channels);
    }
    Optional<String> sumsRefusal = call.plainSumsRefusal();
    if (sumsRefusal.isPresent()) {
      return refuse(sumsRefusal.get());
    }
    if (call.isSelectionGradient()
        && ScatterImplementation.takes(problem)
        && covers(call) > MOST_COMPARED) {
      return refuse("a cell has many outputs to ask, and each output knows its cell");
    }
    long bytes = ChannelsLastBuffers.of(call, LANES).bytes();
    if (bytes > RowBuffers.MOST_BYTES) {
      return refuse(
          "buffers for the rows would take "
              + bytes
              + " bytes of a work-item, more than "
              + RowBuffers.MOST_BYTES);
    }
    return accept("layout NHWC with " + channels + " channels");
  }

  @Override
  public LaunchPlan plan(Problem problem, DeviceProfile device) {
    PoolCall call = PoolCall.of(problem, device);
    Macros macros = call.macros();
    macros.remove("CHANNELS_LAST");
    macros.windows(call.geometry());
    int lanes = lanes(call);
    macros.put("ROW_LANES", lanes);
    if (!hasKeys(call)) { // which have their own vectors
      macros.put("LANES", lanes);
    }
    ChannelsLastBuffers buffers = ChannelsLastBuffers.of(call, lanes);
    buffers.define(macros, call);
    if (device.isPocl()) {
      macros.put("PREFETCH", PREFETCH);
      macros.flag("STREAM", isStreamed(call));
    }
    Shape rows = rows(problem);
    long rowsPerItem = rowsPerItem(call, buffers);
    List<KernelArgument> arguments = new ArrayList<>(call.buffers());
    arguments.addAll(new AxisArguments(call, problem.direction()).all());
    arguments.add(new KernelArgument.Int((int) rows.c()));
    arguments.add(new KernelArgument.Int((int) rowsPerItem));
    arguments.addAll(RowsImplementation.divisor(call));
    List<Long> items = List.of((rowCount(rows) + rowsPerItem - 1) / rowsPerItem, rows.n());
    return LaunchPlan.of(
        call.launch(call.word("channels_last"), macros, arguments, items, buffers.bytes()));
  }

  /** The most outputs that a cell has. */
  static double covers(PoolCall call) {
    double covers = 1;
    for (int i = 0; i < 3; i++) {
      covers *= Math.max(1, call.geometry().axis(i).maxCovers());
    }
    return covers;
  }

  /** The tensor whose rows are shared out: the one that is computed. */
  private static Shape rows(Problem problem) {
    return problem.direction() == Direction.FORWARD ? problem.output() : problem.input();
  }

  private static long rowCount(Shape rows) {
    return (long) rows.d() * rows.h();
  }

  private static boolean hasKeys(PoolCall call) {
    return call.isForward() && call.reduction().isMaximum();
  }

  private static long rowsPerItem(PoolCall call, ChannelsLastBuffers buffers) {
    Problem problem = call.problem();
    Shape rows = rows(problem);
    long all = rowCount(rows) * rows.n();
    int units = call.device().computeUnits();
    if (buffers.shares() && !call.wantsValuesOnly()) { // rows, not columns
      return Math.max(1, Math.min(rowCount(rows), all / ((long) ITEMS_OF_SHARED_ROWS * units)));
    }
    long elements = (long) Math.max(problem.input().w(), problem.output().w()) * rows.c();
    long most = all / ((long) ITEMS_PER_UNIT * units);
    return Math.max(1, Math.min(rowCount(rows), Math.min(most, ELEMENTS_PER_ITEM / elements)));
  }

  /** Eight or sixteen; of two bytes and widened, sixteen are too many. */
  private static int lanes(PoolCall call) {
    Problem problem = call.problem();
    int wide = 2 * LANES;
    long channels = problem.input().c();
    long left = channels % wide;
    boolean fits =
        left == 0
            || !problem.accumulate()
                && channels > wide
                && (left > LANES || channels > MANY_CHANNELS);
    int bytes = problem.type().bytes();
    boolean narrow = bytes == Float.BYTES || bytes <= Short.BYTES && hasKeys(call);
    return fits && narrow ? wide : LANES;
  }

  /** Whether the result is large and consists of aligned vectors. */
  private static boolean isStreamed(PoolCall call) {
    Problem problem = call.problem();
    long bytes = problem.type().bytes();
    return bytes >= Float.BYTES
        && !problem.accumulate()
        && problem.input().c() % lanes(call) == 0
        && rows(problem).elements() * bytes >= DeviceProfile.STREAMED_BYTES;
  }
}
