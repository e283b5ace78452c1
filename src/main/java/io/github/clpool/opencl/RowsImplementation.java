package io.github.clpool.opencl;

import io.github.clpool.backend.Verdict;
import io.github.clpool.op.AxisRegions;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.op.UnplacedAxis;
import io.github.clpool.op.WindowAxis;
import io.github.clpool.tensor.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Whole planes per work-item on a CPU: down the columns into a private buffer, then along the rows,
 * so that neighbouring outputs share the column results.
 */
final class RowsImplementation implements OpenClImplementation {
  private static final int MOST_TAPS = 64;

  /**
   * A selection's gradient compares so many outputs with each cell about as fast as the owner of a
   * plane checks and visits each output: with 9 it takes 0.35 times as long.
   */
  private static final int MOST_COMPARED = 24;

  /** Each phase of a gradient's stride has a sum in a register. */
  private static final int MOST_GRADIENT_STRIDE = 16;

  private static final int LANES = 8;

  /** How far ahead, in bytes, the next rows are prefetched. */
  private static final int PREFETCH = 6144;

  /** A result smaller than this is worth keeping in the caches. */
  static final long STREAMED_BYTES = 8 << 20;

  static final String POCL = "Portable Computing Language";

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
  public Verdict accepts(Problem problem, DeviceProfile device) {
    if (problem.layout() != Layout.NCHW) {
      return refuse("the layout is " + problem.layout());
    }
    PoolFamily family = PoolFamily.of(problem);
    if (family instanceof LpFamily lp && !lp.hasPlainRows(problem, device)) {
      return refuse("it computes p-norms forward, p = 1, 2 or 3, square roots by the device's own");
    }
    Optional<String> sumsRefusal = family.plainSumsRefusal(problem, device);
    if (sumsRefusal.isPresent()) {
      return refuse(sumsRefusal.get());
    }
    String misfit = misfit(problem);
    if (misfit != null) {
      return refuse(misfit);
    }
    long bytes = RowBuffers.of(problem).bytes();
    if (bytes > RowBuffers.MOST_BYTES) {
      return refuse(
          "buffers for the rows would take "
              + bytes
              + " bytes of a work-item, more than "
              + RowBuffers.MOST_BYTES);
    }
    return accept("rows fit into private buffers");
  }

  /** The most outputs that a cell has, as long as all of them are windows. */
  private static long covers(Geometry geometry) {
    return (long) geometry.h().maxCovers() * geometry.w().maxCovers();
  }

  /** What is wrong with the regions, or null. */
  private static String misfit(Problem problem) {
    Geometry geometry = PoolFamily.geometry(problem);
    boolean values = valuesOnly(problem);
    AxisRegions d = geometry.d();
    if (!values && (d.inputSize() != 1 || d.outputSize() != 1 || d.maxTaps() != 1)) {
      return "there are regions along the depth";
    }
    for (int i = 0; i < 3; i++) {
      AxisRegions axis = geometry.axis(i);
      if (axis.maxTaps() > MOST_TAPS) {
        return "a region has more than " + MOST_TAPS + " cells along an axis";
      }
      if (!(axis instanceof WindowAxis window)) {
        if (!values) {
          return "the regions are not windows";
        }
      } else if (window.dilation() > 1 && hasEmpty(axis)) {
        return "a region is empty";
      }
    }
    if (ScatterImplementation.takes(problem) && covers(geometry) > MOST_COMPARED) {
      return "a cell has up to "
          + covers(geometry)
          + " outputs to ask, and each output knows its cell";
    }
    if (problem.direction() == Direction.BACKWARD
        && ((WindowAxis) geometry.w()).stride() > MOST_GRADIENT_STRIDE) {
      return "the stride along the width is more than " + MOST_GRADIENT_STRIDE;
    }
    return null;
  }

  private static boolean hasEmpty(AxisRegions axis) {
    for (int o = 0; o < axis.outputSize(); o++) {
      if (axis.taps(o) == 0) {
        return true;
      }
    }
    return false;
  }

  /** Whether it is a forward pass without indices. */
  private static boolean valuesOnly(Problem problem) {
    return problem.direction() == Direction.FORWARD && !problem.has(Role.INDICES);
  }

  /** Generous: of some loops it is known only when they are built that they are unrolled. */
  @Override
  public long iterations(Problem problem, DeviceProfile device) {
    Geometry geometry = PoolFamily.geometry(problem);
    boolean forward = problem.direction() == Direction.FORWARD;
    AxisRegions w = geometry.w();
    long down = Loops.nest(geometry.d().maxTaps(), geometry.h().maxTaps());
    long vectors = Math.max(w.inputSize(), w.outputSize()) / LANES + 1;
    boolean whole =
        w.outputSize() >= LANES && w instanceof WindowAxis window && window.stride() <= 2;
    long perRow = Loops.nest(vectors, (whole ? 1 : LANES) * (down + w.maxTaps() + 4));
    AxisRegions h = geometry.h();
    long rows = forward ? (long) geometry.d().outputSize() * h.outputSize() : h.inputSize();
    List<Launch> launches = plan(problem, device).launches();
    List<Long> items = launches.get(launches.size() - 1).global();
    long planesPerItem = (problem.input().planeCount() - 1) / items.get(0) + 1;
    long rowsPerItem = (rows - 1) / items.get(1) + 1 + geometry.h().maxTaps();
    return Loops.nest(planesPerItem, Loops.nest(rowsPerItem, perRow))
        + 4 * RowBuffers.of(problem).capacity();
  }

  @Override
  public LaunchPlan plan(Problem problem, DeviceProfile device) {
    PoolFamily family = PoolFamily.of(problem);
    Geometry geometry = PoolFamily.geometry(problem);
    boolean forward = problem.direction() == Direction.FORWARD;
    SortedMap<String, String> macros = family.macros(problem, device);
    macros.remove("INDICES");
    known(macros, "D", geometry.d());
    known(macros, "H", geometry.h());
    known(macros, "W", geometry.w());
    if (!forward && geometry.w() instanceof WindowAxis w) {
      macros.put("PADDING_PHASE", Integer.toString(w.before() % w.stride()));
    }
    if (geometry.w() instanceof UnplacedAxis w && w.length() <= LANES) {
      macros.put("ALIKE_W", Integer.toString(w.length()));
    }
    macros.put("CAPACITY", Long.toString(RowBuffers.of(problem).capacity()));
    if (valuesOnly(problem) && fillsWideVectors(problem, geometry.w())) {
      macros.put("ROW_LANES", Integer.toString(2 * LANES));
    }
    if (prefetch(macros, device) && isStreamed(problem, geometry.w())) {
      macros.put("STREAM", "1");
    }
    boolean fractional = FractionalTables.has(problem);
    macros.remove("FRACTIONAL");
    List<KernelArgument> arguments = new ArrayList<>(family.buffers(problem));
    arguments.addAll(
        fractional
            ? AxisArguments.listed(problem, new KernelArgument.Temporary(0))
            : AxisArguments.of(problem, problem.direction()));
    AxisRegions h = geometry.h();
    int rows = forward ? geometry.d().outputSize() * h.outputSize() : h.inputSize();
    RowShares shares = RowShares.of(problem, rows, device);
    arguments.addAll(shares.arguments());
    arguments.addAll(family.tail(problem));
    String word = family.word() + "_rows";
    if (!forward) {
      word += "_gradient";
    } else if (problem.has(Role.INDICES)) {
      word += "_indices";
    }
    Launch launch =
        new Launch(
            word + ".cl",
            macros,
            family.kernel(word, problem),
            arguments,
            shares.global(),
            List.of(1L, 1L),
            RowBuffers.of(problem).bytes());
    return fractional ? FractionalTables.before(launch, problem, device) : LaunchPlan.of(launch);
  }

  /** Asks for the next rows ahead of time where the compiler can. */
  static boolean prefetch(SortedMap<String, String> macros, DeviceProfile device) {
    boolean can = device.platform().equals(POCL);
    if (can) {
      macros.put("PREFETCH", Integer.toString(PREFETCH));
    }
    return can;
  }

  static void known(SortedMap<String, String> macros, String name, AxisRegions axis) {
    if (axis instanceof WindowAxis window) {
      macros.put("KERNEL_" + name, Integer.toString(window.kernel()));
      macros.put("STRIDE_" + name, Integer.toString(window.stride()));
      macros.put("DILATION_" + name, Integer.toString(window.dilation()));
    } else {
      macros.put("KERNEL_" + name, "0");
    }
  }

  /** Whether rows are worth vectors of twice as many lanes. */
  private static boolean fillsWideVectors(Problem problem, AxisRegions w) {
    int wide = 2 * LANES;
    int left = w.inputSize() % wide;
    boolean wholly = left == 0 || left > LANES || w.inputSize() > LANES * wide;
    int bytes = problem.type().bytes();
    boolean sumsOfHalves = bytes == Short.BYTES && PoolFamily.of(problem).sums();
    return wholly
        && Math.min(w.inputSize(), w.outputSize()) >= wide
        && bytes <= Float.BYTES
        && !sumsOfHalves;
  }

  /**
   * Whether the result is large and consists of aligned vectors. Two results are not streamed, nor
   * are gradients: of what is written in one place only part of a cache line at a time.
   */
  private static boolean isStreamed(Problem problem, AxisRegions w) {
    return valuesOnly(problem)
        && w.outputSize() % LANES == 0
        && problem.type().bytes() >= Float.BYTES
        && problem.output().elements() * problem.type().bytes() >= STREAMED_BYTES;
  }
}
