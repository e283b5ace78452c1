package io.github.clpool.opencl.cpu;

import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Problem;
import io.github.clpool.op.WindowAxis;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.plan.Grid;
import io.github.clpool.opencl.plan.Launch;
import io.github.clpool.opencl.plan.LaunchPlan;
import io.github.clpool.opencl.plan.Macros;
import io.github.clpool.opencl.plan.OpenClImplementation;
import io.github.clpool.opencl.plan.OutputLaunches;
import io.github.clpool.opencl.plan.PoolCall;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import java.util.Optional;
import java.util.Set;

/**
 * Any regions on a CPU, one work-item per output or cell and several planes, whose numbers are a
 * vector: reductions that do the same in all lanes. In layout NCHW planes are interleaved first.
 */
public final class VectorsImplementation implements OpenClImplementation {
  private static final int LANES = 8;

  /** As lib/sums.clh has them. */
  private static final int LEVELS_OF_SUMS = 6;

  /** Fewer planes leave most lanes empty. */
  private static final int LEAST_PLANES = 4;

  /** The headers of reductions that branch on no number. */
  private static final Set<String> HEADERS =
      Set.of("soft", "log_sum_exp", "importance", "stochastic", "expected", "variance");

  @Override
  public String name() {
    return "vectors";
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
    String misfit = misfit(call);
    return misfit == null ? accept("planes have the same regions") : refuse(misfit);
  }

  /** Whether it accepts a call. */
  static boolean takes(PoolCall call) {
    return misfit(call) == null;
  }

  private static String misfit(PoolCall call) {
    Problem problem = call.problem();
    if (!HEADERS.contains(call.reduction().name()) || call.isSelectionGradient()) {
      return "lanes may have to do different things";
    }
    Optional<String> divisionRefusal = call.divisionRefusal();
    if (divisionRefusal.isPresent()) {
      return divisionRefusal.get();
    }
    if (call.reduction().takesRoots() && !call.takesNativeRoots()) {
      return "the device does not take correctly rounded roots";
    }
    if (problem.layout() == Layout.NHWC && problem.input().c() % LANES != 0) {
      return "there are %d channels, no multiple of %d".formatted(problem.input().c(), LANES);
    }
    if (problem.layout() == Layout.NCHW && !paysForInterleaving(call)) {
      return "what windows give without exponentials costs less than to interleave planes";
    }
    long planes = problem.input().planeCount();
    return problem.layout() == Layout.NCHW && planes < LEAST_PLANES
        ? "there are %d planes, fewer than %d".formatted(planes, LEAST_PLANES)
        : null;
  }

  /** Gradients of variance over windows take 0.7 times as long where planes stay as they are. */
  private static boolean paysForInterleaving(PoolCall call) {
    Geometry geometry = call.geometry();
    return call.isForward()
        || !call.reduction().name().equals("variance")
        || !(geometry.h() instanceof WindowAxis)
        || !(geometry.w() instanceof WindowAxis);
  }

  @Override
  public LaunchPlan plan(Problem problem, DeviceProfile device) {
    if (problem.layout() == Layout.NHWC) {
      return plan(PoolCall.of(problem, device), lanes(problem.input().c(), problem.type()));
    }
    int lanes = problem.input().planeCount() > LANES ? lanes(2 * LANES, problem.type()) : LANES;
    Interleaving interleaving = new Interleaving(problem, lanes);
    return interleaving.around(plan(PoolCall.of(interleaving.interleaved(), device), lanes));
  }

  /** So many that vectors of floats are no wider than registers. */
  private static int lanes(long channels, DataType type) {
    return channels % (2 * LANES) == 0 && type != DataType.FLOAT64 ? 2 * LANES : LANES;
  }

  /** With the memory of its sums, of so many levels along each axis of two terms. */
  private static LaunchPlan plan(PoolCall call, int lanes) {
    LaunchPlan plan = launches(call, lanes);
    long bytes = 2L * 3 * LEVELS_OF_SUMS * lanes * call.numberBytes();
    return new LaunchPlan(
        plan.launches().stream().map(launch -> launch.withPrivateBytes(bytes)).toList(),
        plan.temporaries());
  }

  private static LaunchPlan launches(PoolCall call, int lanes) {
    Problem problem = call.problem();
    Grid outputs = Grid.of(problem, problem.output().planeSize()).ofNeighbours(lanes);
    Macros macros =
        macros(call.macros(), outputs, lanes)
            .shortSums(call.reduction().sums() && call.hasShortSums(true));
    OutputLaunches.Range range =
        new OutputLaunches.Range(
            macros, outputs, null, outputs.global(), outputs.local(call.device()));
    return call.isForward()
        ? LaunchPlan.of(OutputLaunches.forward(call, "vectors", range))
        : OutputLaunches.gradient(call, "vectors", range, gather(call, lanes));
  }

  private static Launch gather(PoolCall call, int lanes) {
    Grid cells = Grid.of(call.problem().input(), Layout.NHWC).ofNeighbours(lanes);
    Macros macros =
        macros(OutputLaunches.gatherMacros(call, cells), cells, lanes)
            .shortSums(call.hasShortSums(false));
    return new Launch(
        "vectors_gradient.cl",
        macros.values(),
        "vectors_gradient",
        OutputLaunches.gatherArguments(call, cells),
        cells.global(),
        cells.local(call.device()));
  }

  private static Macros macros(Macros macros, Grid grid, int lanes) {
    return macros.grid(grid).remove("CHANNELS_LAST").channels(lanes);
  }
}
