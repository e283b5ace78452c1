package io.github.clpool.opencl;

import io.github.clpool.exact.Sums;
import io.github.clpool.op.AxisRegions;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Divisor;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Reduction;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the kernels of one family of reductions have in common, whatever the implementation: their
 * word, their buffers and the macros that say what is computed. Immutable.
 *
 * @param word how kernel files and functions of the family begin
 * @param divisor what the sum is divided by; null for maximum and minimum
 * @param minimum whether it is the minimum
 */
record PoolFamily(String word, Divisor divisor, boolean minimum) {
  static PoolFamily of(Pool pool) {
    Reduction reduction = pool.reduction();
    if (reduction instanceof Reduction.Avg avg) {
      return new PoolFamily("avg_pool", Divisor.of(avg, pool.regions()), false);
    } else if (reduction instanceof Reduction.Sum) {
      return new PoolFamily("avg_pool", Divisor.NONE, false);
    }
    return new PoolFamily("max_pool", null, reduction instanceof Reduction.Min);
  }

  static PoolFamily of(Problem problem) {
    return of((Pool) problem.operator());
  }

  /** Whether the family sums, so that the order of summation matters. */
  boolean sums() {
    return divisor != null;
  }

  /** Whether along every axis there are few enough terms for one plain running sum. */
  static boolean hasShortSums(Problem problem) {
    Geometry geometry = geometry(problem);
    boolean forward = problem.direction() == Direction.FORWARD;
    for (int i = 0; i < 3; i++) {
      AxisRegions axis = geometry.axis(i);
      if ((forward ? axis.maxTaps() : axis.maxCovers()) > Sums.BLOCK) {
        return false;
      }
    }
    return true;
  }

  static Geometry geometry(Problem problem) {
    return ((Pool) problem.operator()).geometry(problem.input());
  }

  /** The kernel function of an implementation, {@code forward} or {@code backward} at its end. */
  String kernel(String prefix, Problem problem) {
    return prefix + (problem.direction() == Direction.FORWARD ? "_forward" : "_backward");
  }

  /** The macros that say what is computed. */
  SortedMap<String, String> macros(Problem problem, DeviceProfile device) {
    SortedMap<String, String> macros = new TreeMap<>();
    macros.put("TYPE", problem.type().name());
    if (problem.layout() == Layout.NHWC) {
      macros.put("CHANNELS_LAST", "1");
    }
    if (problem.accumulate()) {
      macros.put("ACCUMULATE", "1");
    }
    if (!sums()) {
      flag(macros, "MINIMUM", minimum && problem.direction() == Direction.FORWARD);
      flag(
          macros, "INDICES", problem.has(Role.INDICES) && problem.direction() == Direction.FORWARD);
      return macros;
    }
    macros.put(
        "DIVISOR", divisor.kind() == Divisor.Kind.NONE ? "NO_DIVISOR" : divisor.kind().name());
    if (dividesFloats(problem)) {
      macros.put("DIVISION", device.division() + "_DIVISION");
    }
    return macros;
  }

  private boolean dividesFloats(Problem problem) {
    return sums() && divisor.kind() != Divisor.Kind.NONE && problem.type() != DataType.FLOAT64;
  }

  /**
   * Why kernels that sum plainly and divide whole vectors cannot take a problem; empty if they can,
   * as always for maximum and minimum.
   */
  Optional<String> plainSumsRefusal(Problem problem, DeviceProfile device) {
    if (sums() && !hasShortSums(problem)) {
      return Optional.of("sums have more than " + Sums.BLOCK + " terms along an axis");
    }
    return dividesFloats(problem) && device.division() != DeviceProfile.Rounding.NATIVE
        ? Optional.of("the device does not divide correctly rounded")
        : Optional.empty();
  }

  private static void flag(SortedMap<String, String> macros, String name, boolean on) {
    if (on) {
      macros.put(name, "1");
    }
  }

  /** The buffers, in the order of every kernel of the family. */
  List<KernelArgument> buffers(Problem problem) {
    List<KernelArgument> buffers = new ArrayList<>();
    if (problem.direction() == Direction.FORWARD) {
      buffers.add(new KernelArgument.Buffer(Role.INPUT));
      buffers.add(new KernelArgument.Buffer(Role.OUTPUT));
      if (problem.has(Role.INDICES)) {
        buffers.add(new KernelArgument.Buffer(Role.INDICES));
      }
    } else {
      buffers.add(new KernelArgument.Buffer(Role.GRAD_OUTPUT));
      if (!sums()) {
        buffers.add(new KernelArgument.Buffer(Role.INDICES));
      }
      buffers.add(new KernelArgument.Buffer(Role.GRAD_INPUT));
    }
    return buffers;
  }

  /** What comes after the geometry: the fixed divisor of sums. */
  List<KernelArgument> tail() {
    return sums() ? List.of(new KernelArgument.Int(divisor.fixed())) : List.of();
  }
}
