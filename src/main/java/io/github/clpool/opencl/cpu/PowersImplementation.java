package io.github.clpool.opencl.cpu;

import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Lp;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Reduction;
import io.github.clpool.op.Role;
import io.github.clpool.opencl.plan.Chain;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.plan.KernelArgument;
import io.github.clpool.opencl.plan.Launch;
import io.github.clpool.opencl.plan.LaunchPlan;
import io.github.clpool.opencl.plan.Macros;
import io.github.clpool.opencl.plan.OpenClImplementation;
import io.github.clpool.opencl.plan.PoolCall;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.BiFunction;

/**
 * Norms and means by any powers on a CPU: all cells are raised, the powers are summed or averaged
 * as they would be alone, and the roots are taken. Each power is computed once, by vectors,
 * whatever the regions.
 */
public final class PowersImplementation implements OpenClImplementation {
  private static final String FILE = "powers.cl";

  /** Those that its kernels read. */
  private static final List<String> OPTIONS = List.of("EXPONENT", "RECIPROCAL", "SIGNED", "LEAST");

  /** Fewer elements are not worth a work-item. */
  private static final int ELEMENTS_PER_ITEM = 8 << 10;

  /** What one vector waits for, another computes; doubles would need too many registers. */
  private static final int WIDE_LANES = 16;

  private final BiFunction<Problem, DeviceProfile.Kind, List<OpenClImplementation>> poolings;

  /** Sums by the implementations of some table. */
  public PowersImplementation(
      BiFunction<Problem, DeviceProfile.Kind, List<OpenClImplementation>> poolings) {
    this.poolings = poolings;
  }

  @Override
  public String name() {
    return "powers";
  }

  @Override
  public boolean ownsRows() {
    return true;
  }

  @Override
  public Verdict accepts(Problem problem, DeviceProfile device) {
    PoolCall call = PoolCall.of(problem, device);
    if (!call.isForward() || !call.reduction().takesAnyPowers()) {
      return refuse(
          "it computes p-norms with p other than 1, 2, 3, and generalised means, forward");
    }
    String misfit = RowRegions.emptyMisfit(call.geometry());
    if (misfit != null) {
      return refuse(misfit);
    }
    return device
        .divisionRefusal(problem.type())
        .map(this::refuse)
        .orElseGet(() -> accept("powers by vectors"));
  }

  @Override
  public LaunchPlan plan(Problem problem, DeviceProfile device) {
    PoolCall call = PoolCall.of(problem, device);
    DataType wide = problem.type().computingType();
    Chain chain = new Chain(device, poolings);
    KernelArgument powers = chain.temporary(problem.input(), wide);
    KernelArgument sums = chain.temporary(problem.output(), wide);
    KernelArgument x = new KernelArgument.Buffer(Role.INPUT);
    KernelArgument y = new KernelArgument.Buffer(Role.OUTPUT);
    chain.add(step(call, "powers_of_cells", x, powers, problem.input()));
    chain.add(
        summing(call),
        problem.input(),
        problem.layout(),
        wide,
        false,
        Map.of(Role.INPUT, powers, Role.OUTPUT, sums));
    chain.add(step(call, "powers_of_sums", sums, y, problem.output()));
    return chain.plan();
  }

  /** What becomes of the powers. */
  private static Pool summing(PoolCall call) {
    boolean averages = !(call.pool().reduction() instanceof Lp lp) || lp.averages();
    Reduction reduction = averages ? Pool.avg().countIncludePad(false) : Pool.sum();
    return reduction.over(call.pool().regions());
  }

  private static Launch step(
      PoolCall call, String kernel, KernelArgument from, KernelArgument to, Shape shape) {
    Problem problem = call.problem();
    boolean means = problem.has(Role.WEIGHTS);
    boolean own = call.ownWeights() > 0;
    // Channels that lie side by side, if only since planes have one element.
    boolean perElement = own && (problem.layout() == Layout.NHWC || shape.planeSize() == 1);
    long length = perElement ? shape.c() : own ? shape.planeSize() : shape.elements();
    length = Math.max(1, length);
    long rows = shape.elements() / length;
    long elementsPerItem = Math.min(length, ELEMENTS_PER_ITEM);
    long rowsPerItem = Math.max(1, Math.min(rows, ELEMENTS_PER_ITEM / length));
    Macros macros = Macros.ofElements(problem).flag("MEANS", means).flag("PER_ELEMENT", perElement);
    if (problem.type() != DataType.FLOAT64) {
      macros.put("LANES", WIDE_LANES);
    }
    SortedMap<String, String> options = call.reduction().macros();
    OPTIONS.stream().filter(options::containsKey).forEach(o -> macros.put(o, options.get(o)));
    List<KernelArgument> arguments = new ArrayList<>(List.of(from));
    if (means) {
      arguments.add(new KernelArgument.Buffer(Role.WEIGHTS));
    }
    arguments.addAll(
        List.of(
            to,
            new KernelArgument.Long(length),
            new KernelArgument.Int(Math.toIntExact(rows)),
            new KernelArgument.Int((int) elementsPerItem),
            new KernelArgument.Int((int) rowsPerItem),
            new KernelArgument.Int((int) shape.c()),
            new KernelArgument.Int(call.ownWeights())));
    List<Long> items =
        List.of(
            (length + elementsPerItem - 1) / elementsPerItem,
            (rows + rowsPerItem - 1) / rowsPerItem);
    return new Launch(FILE, macros.values(), kernel, arguments, items, List.of(1L, 1L));
  }
}
