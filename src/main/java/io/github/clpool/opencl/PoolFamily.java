package io.github.clpool.opencl;

import io.github.clpool.exact.Sums;
import io.github.clpool.op.AxisRegions;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Divisor;
import io.github.clpool.op.Fractional;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Mix;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Reduction;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the kernels of one family of reductions have in common, whatever the implementation: their
 * word, their buffers and the macros that say what is computed. Immutable values.
 */
interface PoolFamily {
  static PoolFamily of(Pool pool) {
    Reduction reduction = pool.reduction();
    if (reduction instanceof Reduction.Avg avg) {
      return new SumFamily(Divisor.of(avg, pool.regions()));
    } else if (reduction instanceof Reduction.Sum) {
      return new SumFamily(Divisor.NONE);
    } else if (reduction instanceof Reduction.Stochastic stochastic) {
      return stochastic.expects() ? new ExpectedFamily() : new StochasticFamily();
    } else if (reduction.isSelecting()) {
      return new SelectFamily(
          reduction instanceof Reduction.Min, reduction instanceof Reduction.Lp);
    } else if (reduction instanceof Reduction.Lp lp) {
      return new LpFamily(lp);
    } else if (reduction instanceof Reduction.Gem gem) {
      return new GemFamily(gem.eps());
    } else if (reduction instanceof Reduction.Soft soft) {
      return new SoftFamily(soft.exact());
    } else if (reduction instanceof Reduction.Importance) {
      return new ImportanceFamily();
    } else if (reduction instanceof Mix mix) {
      return new MixFamily(mix.mixture(), Divisor.counting(mix.countsPadding(), pool.regions()));
    }
    throw new IllegalArgumentException("reduction " + reduction + " has no kernels");
  }

  static PoolFamily of(Problem problem) {
    PoolFamily family = of((Pool) problem.operator());
    return isForward(problem) ? family : family.gradient();
  }

  static Geometry geometry(Problem problem) {
    return ((Pool) problem.operator()).geometry(problem.input());
  }

  static boolean isForward(Problem problem) {
    return problem.direction() == Direction.FORWARD;
  }

  /** The family whose kernels compute its gradient. */
  default PoolFamily gradient() {
    return this;
  }

  /** How kernel files and functions of the family begin. */
  String word();

  /** Whether the family sums, so that the order of summation matters. */
  boolean sums();

  /** Whether its kernels divide numbers of the computing type. */
  boolean divides();

  /** How many times one of its kernels visits a region at most. */
  default int passes() {
    return 4;
  }

  /** Adds the macros of the family's own options. */
  void define(SortedMap<String, String> macros, Problem problem);

  /** The buffers of a direction's kernel, in order. */
  List<KernelArgument> buffers(Problem problem);

  /** What comes after the geometry. */
  default List<KernelArgument> tail(Problem problem) {
    return List.of();
  }

  /** The kernels that {@code direct} runs, one after the other; most families need one. */
  default List<CellKernel> cellKernels(Problem problem) {
    return List.of(
        isForward(problem)
            ? CellKernel.perOutput("forward", buffers(problem))
            : CellKernel.perCell("backward", buffers(problem)));
  }

  /** How many numbers of each output those kernels hand on to each other. */
  default int statistics(Problem problem) {
    return 0;
  }

  /** What {@code direct} runs. */
  default LaunchPlan direct(Problem problem, DeviceProfile device) {
    List<Launch> launches = new ArrayList<>();
    for (CellKernel kernel : cellKernels(problem)) {
      SortedMap<String, String> macros = macros(problem, device);
      if (sums() && hasShortSums(problem, kernel.perOutput())) {
        macros.put("LONG_SUMS", "0");
      }
      launches.add(CellLaunch.of(word(), macros, kernel, problem, device));
    }
    long bytes = problem.output().elements() * problem.type().computingType().bytes();
    return new LaunchPlan(launches, Collections.nCopies(statistics(problem), bytes));
  }

  /** The macros that say what is computed. */
  default SortedMap<String, String> macros(Problem problem, DeviceProfile device) {
    SortedMap<String, String> macros = new TreeMap<>();
    macros.put("TYPE", problem.type().name());
    flag(macros, "CHANNELS_LAST", problem.layout() == Layout.NHWC);
    flag(macros, "ACCUMULATE", problem.accumulate());
    flag(macros, "FRACTIONAL", ((Pool) problem.operator()).regions() instanceof Fractional);
    if (dividesFloats(problem)) {
      macros.put("DIVISION", device.division() + "_DIVISION");
    }
    define(macros, problem);
    return macros;
  }

  static void flag(SortedMap<String, String> macros, String name, boolean on) {
    if (on) {
      macros.put(name, "1");
    }
  }

  private boolean dividesFloats(Problem problem) {
    return divides() && problem.type() != DataType.FLOAT64;
  }

  /** The kernel function of an implementation, {@code forward} or {@code backward} at its end. */
  default String kernel(String prefix, Problem problem) {
    return prefix + (isForward(problem) ? "_forward" : "_backward");
  }

  /** Whether along every axis there are few enough terms for one plain running sum. */
  static boolean hasShortSums(Problem problem) {
    return hasShortSums(problem, isForward(problem));
  }

  /** The same for sums of each output over its cells, or of each cell over its outputs. */
  static boolean hasShortSums(Problem problem, boolean perOutput) {
    Geometry geometry = geometry(problem);
    for (int i = 0; i < 3; i++) {
      AxisRegions axis = geometry.axis(i);
      if ((perOutput ? axis.maxTaps() : axis.maxCovers()) > Sums.BLOCK) {
        return false;
      }
    }
    return true;
  }

  /**
   * Why kernels that sum plainly and divide whole vectors cannot take a problem; empty if they can,
   * as always for maximum and minimum.
   */
  default Optional<String> plainSumsRefusal(Problem problem, DeviceProfile device) {
    if (sums() && !hasShortSums(problem)) {
      return Optional.of("sums have more than " + Sums.BLOCK + " terms along an axis");
    }
    return dividesFloats(problem) && device.division() != DeviceProfile.Rounding.NATIVE
        ? Optional.of("the device does not divide correctly rounded")
        : Optional.empty();
  }
}
