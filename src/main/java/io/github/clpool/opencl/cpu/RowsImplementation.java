package io.github.clpool.opencl.cpu;

import io.github.clpool.backend.Verdict;
import io.github.clpool.op.AxisRegions;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Problem;
import io.github.clpool.op.UnplacedAxis;
import io.github.clpool.opencl.plan.AxisArguments;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.plan.FractionalTables;
import io.github.clpool.opencl.plan.KernelArgument;
import io.github.clpool.opencl.plan.Launch;
import io.github.clpool.opencl.plan.LaunchPlan;
import io.github.clpool.opencl.plan.Macros;
import io.github.clpool.opencl.plan.OpenClImplementation;
import io.github.clpool.opencl.plan.PoolCall;
import io.github.clpool.opencl.plan.ReductionHeader;
import io.github.clpool.tensor.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whole planes per work-item on a CPU: down the columns into a private buffer, then along the rows,
 * so that neighbouring outputs share the column results.
 */
public final class RowsImplementation implements OpenClImplementation {
  private static final int MOST_TAPS = 64;

  /**
   * A selection's gradient compares so many outputs with each cell about as fast as the owner of a
   * plane checks and visits each output: with 9 it takes 0.35 times as long.
   */
  private static final int MOST_COMPARED = 24;

  private static final int LANES = 8;

  /** How far ahead, in bytes, the next rows are prefetched. */
  private static final int PREFETCH = 6144;

  @Override
  public String name() {
    return "rows";
  }

  /** Their places are listed first. */
  @Override
  public boolean placesPerPlane() {
    return true;
  }

  @Override
  public boolean ownsRows() {
    return true;
  }

  @Override
  public Verdict accepts(Problem problem, DeviceProfile device) {
    if (problem.layout() != Layout.NCHW) {
      return refuse("the layout is " + problem.layout());
    }
    PoolCall call = PoolCall.of(problem, device);
    if (!hasKernel(call)) {
      return refuse(
          "it computes maxima, averages and sums, their gradients and those of selections; p-norms"
              + " forward, p = 1, 2 or 3, square roots by the device's own");
    }
    Optional<String> sumsRefusal = call.plainSumsRefusal();
    if (sumsRefusal.isPresent()) {
      return refuse(sumsRefusal.get());
    }
    String misfit = misfit(call);
    if (misfit != null) {
      return refuse(misfit);
    }
    long bytes = RowBuffers.of(call).bytes();
    if (bytes > RowBuffers.MOST_BYTES) {
      return refuse(
          "buffers for the rows would take "
              + bytes
              + " bytes of a work-item, more than "
              + RowBuffers.MOST_BYTES);
    }
    return accept("rows fit into private buffers");
  }

  /** Whether there is a kernel for rows of the reduction, in whatever layout. */
  static boolean hasKernel(PoolCall call) {
    ReductionHeader reduction = call.reduction();
    if (reduction.name().equals("lp")) {
      String power = reduction.macros().get("POWER");
      return call.isForward()
          && !power.equals("0")
          && (!power.equals("2") || call.takesNativeRoots());
    }
    return reduction.isAverage()
        || !reduction.takesMagnitudes() && (reduction.isMaximum() || call.isSelectionGradient());
  }

  /** What an average divides by, at the end of the arguments of its kernels. */
  static List<KernelArgument> divisor(PoolCall call) {
    return call.reduction().isAverage()
        ? List.of(new KernelArgument.Int(call.fixedDivisor()))
        : List.of();
  }

  /** The most outputs that a cell has, as long as all of them are windows. */
  private static long covers(Geometry geometry) {
    return (long) geometry.h().maxCovers() * geometry.w().maxCovers();
  }

  /** What is wrong with the regions, or null. */
  private static String misfit(PoolCall call) {
    Geometry geometry = call.geometry();
    for (int i = 0; i < 3; i++) {
      if (geometry.axis(i).maxTaps() > MOST_TAPS) {
        return "a region has more than " + MOST_TAPS + " cells along an axis";
      }
    }
    if (call.wantsValuesOnly()) {
      return RowRegions.emptyMisfit(geometry);
    }
    String misfit =
        call.isSelectionGradient() ? RowRegions.flatMisfit(call) : RowRegions.misfit(call);
    if (misfit == null
        && ScatterImplementation.takes(call.problem())
        && covers(geometry) > MOST_COMPARED) {
      return "a cell has up to "
          + covers(geometry)
          + " outputs to ask, and each output knows its cell";
    }
    return misfit;
  }

  @Override
  public LaunchPlan plan(Problem problem, DeviceProfile device) {
    PoolCall call = PoolCall.of(problem, device);
    Geometry geometry = call.geometry();
    boolean forward = call.isForward();
    Macros macros = call.macros();
    RowBuffers buffers = RowBuffers.of(call);
    macros.windows(geometry);
    RowRegions.definePhase(macros, call);
    if (geometry.w() instanceof UnplacedAxis w && w.length() <= LANES) {
      macros.put("ALIKE_W", w.length());
    }
    buffers.define(macros);
    if (prefetch(macros, device) && isStreamed(call, geometry.w())) {
      macros.put("STREAM", "1");
    }
    boolean fractional = call.isFractional();
    macros.listed();
    List<KernelArgument> arguments = new ArrayList<>(call.buffers());
    AxisArguments axes = new AxisArguments(call, problem.direction());
    arguments.addAll(fractional ? axes.listed(new KernelArgument.Temporary(0)) : axes.all());
    AxisRegions h = geometry.h();
    AxisRegions d = geometry.d();
    int rows = forward ? d.outputSize() * h.outputSize() : d.inputSize() * h.inputSize();
    RowShares shares = RowShares.of(problem, rows, device);
    arguments.addAll(shares.arguments());
    arguments.addAll(divisor(call));
    Launch launch =
        call.launch(call.word("rows"), macros, arguments, shares.global(), buffers.bytes());
    return fractional ? FractionalTables.before(launch, call) : LaunchPlan.of(launch);
  }

  /** Asks for the next rows ahead of time where the compiler can. */
  static boolean prefetch(Macros macros, DeviceProfile device) {
    boolean can = device.isPocl();
    if (can) {
      macros.put("PREFETCH", PREFETCH);
    }
    return can;
  }

  private static boolean isStreamed(PoolCall call, AxisRegions w) {
    Problem problem = call.problem();
    return call.wantsValuesOnly()
        && w.outputSize() % LANES == 0
        && problem.type().bytes() >= Float.BYTES
        && problem.output().elements() * problem.type().bytes() >= DeviceProfile.STREAMED_BYTES;
  }
}
