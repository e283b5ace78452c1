package io.github.clpool.opencl;

import io.github.clpool.op.Problem;
import io.github.clpool.op.Reduction;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.DataType;
import java.util.List;
import java.util.SortedMap;

/**
 * The p-norm with finite p.
 *
 * @param lp the reduction
 */
record LpFamily(Reduction.Lp lp) implements SmoothFamily {
  @Override
  public String word() {
    return "lp_pool";
  }

  @Override
  public boolean hasRows(Problem problem) {
    return false;
  }

  @Override
  public void define(SortedMap<String, String> macros, Problem problem) {
    double p = lp.p();
    macros.put("POWER", p == 1 ? "1" : p == 2 ? "2" : p == 3 ? "3" : "0");
    if (p != 1 && p != 2) {
      macros.put("EXPONENT", literal(p, problem.type()));
      macros.put("ROOT", literal(1 / p, problem.type()));
      macros.put("BELOW", literal(p - 1, problem.type()));
    }
    macros.put("DIVISOR", lp.averages() ? "CELLS" : "NO_DIVISOR");
    PoolFamily.flag(macros, "SIGNED", lp.keepsSigns());
  }

  @Override
  public SortedMap<String, String> macros(Problem problem, DeviceProfile device) {
    SortedMap<String, String> macros = SmoothFamily.super.macros(problem, device);
    if (lp.p() == 2 && problem.type() != DataType.FLOAT64) {
      macros.put("SQUARE_ROOT", device.squareRoot() + "_SQUARE_ROOT");
    }
    return macros;
  }

  /** Whether sums of powers, vectors of them, and their roots are all that is needed. */
  boolean hasPlainRows(Problem problem, DeviceProfile device) {
    boolean plainRoot =
        lp.p() == 1
            || lp.p() == 3
            || problem.type() == DataType.FLOAT64
            || device.squareRoot() == DeviceProfile.Rounding.NATIVE;
    return PoolFamily.isForward(problem)
        && (lp.p() == 1 || lp.p() == 2 || lp.p() == 3)
        && plainRoot;
  }

  /** A number, rounded to the computing type, as C writes it. */
  static String literal(double number, DataType type) {
    double rounded = type == DataType.FLOAT64 ? number : (float) number;
    if (Double.isInfinite(rounded)) {
      return rounded > 0 ? "(INFINITY)" : "(-INFINITY)";
    }
    return type == DataType.FLOAT64
        ? "(" + Double.toHexString(number) + ")"
        : "(" + Float.toHexString((float) number) + "f)";
  }

  @Override
  public int statistics(Problem problem) {
    return PoolFamily.isForward(problem) ? 0 : 2;
  }

  @Override
  public List<KernelArgument> sources() {
    return KernelArgument.buffers(Role.INPUT, Role.GRAD_OUTPUT);
  }

  @Override
  public List<KernelArgument> gathered() {
    return KernelArgument.buffers(Role.INPUT);
  }
}
