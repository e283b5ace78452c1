package io.github.clpool.opencl.cpu;

import io.github.clpool.backend.Verdict;
import io.github.clpool.op.AxisRegions;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.opencl.plan.AxisArguments;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.plan.KernelArgument;
import io.github.clpool.opencl.plan.Launch;
import io.github.clpool.opencl.plan.LaunchPlan;
import io.github.clpool.opencl.plan.Macros;
import io.github.clpool.opencl.plan.OpenClImplementation;
import io.github.clpool.opencl.plan.ParameterGradient;
import io.github.clpool.opencl.plan.PoolCall;
import io.github.clpool.tensor.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Rows of outputs on a CPU for reductions whose windows share nothing: neighbouring outputs side by
 * side, tap after tap.
 */
public final class WindowRowsImplementation implements OpenClImplementation {
  /** A window's row is unrolled. */
  private static final int MOST_UNROLLED = 32;

  /** Fewer outputs of a row leave most lanes empty, of whose cells gradients make more. */
  private static final int LEAST_OUTPUTS = 8;

  private static final int LEAST_OUTPUTS_OF_GRADIENTS = 4;

  /** What each output gives to the gradient of a parameter. */
  private static final KernelArgument.Temporary TERMS = new KernelArgument.Temporary(0);

  @Override
  public String name() {
    return "window_rows";
  }

  @Override
  public boolean ownsRows() {
    return true;
  }

  @Override
  public Verdict accepts(Problem problem, DeviceProfile device) {
    PoolCall call = PoolCall.of(problem, device);
    Optional<WindowRowsKernel> kernel = WindowRowsKernel.of(call);
    if (kernel.isEmpty()) {
      return refuse("it has no kernel for that");
    }
    if (problem.layout() != Layout.NCHW) {
      return refuse("the layout is " + problem.layout());
    }
    Optional<String> sumsRefusal = call.plainSumsRefusal();
    if (sumsRefusal.isPresent()) {
      return refuse(sumsRefusal.get());
    }
    String misfit = RowRegions.flatMisfit(call);
    if (misfit != null) {
      return refuse(misfit);
    }
    int outputs = call.geometry().w().outputSize();
    int least = call.isForward() ? LEAST_OUTPUTS : LEAST_OUTPUTS_OF_GRADIENTS;
    if (outputs < least && VectorsImplementation.takes(call)) {
      return refuse("a row has %d outputs, fewer than %d".formatted(outputs, least));
    }
    if (call.geometry().w().maxTaps() > MOST_UNROLLED) {
      return refuse("windows are wider than " + MOST_UNROLLED + " cells");
    }
    WindowRowBuffers buffers = WindowRowBuffers.of(call, kernel.get());
    return buffers.fit()
        ? accept("rows fit into private buffers")
        : refuse(
            "rows take %d bytes of a work-item, more than %d"
                .formatted(buffers.bytes(), buffers.mostBytes()));
  }

  private static RowShares shares(PoolCall call) {
    AxisRegions h = call.geometry().h();
    int rows = call.isForward() ? h.outputSize() : h.inputSize();
    return RowShares.of(call.problem(), rows, call.device());
  }

  @Override
  public LaunchPlan plan(Problem problem, DeviceProfile device) {
    PoolCall call = PoolCall.of(problem, device);
    Geometry geometry = call.geometry();
    boolean forward = call.isForward();
    WindowRowBuffers buffers = WindowRowBuffers.of(call, WindowRowsKernel.of(call).orElseThrow());
    boolean terms = problem.has(Role.GRAD_WEIGHTS);
    Macros macros =
        call.macros()
            .flag("INDICES", problem.has(Role.INDICES))
            .flag("CHOICE", problem.has(Role.CHOICE))
            .flag("OF_SHARES", terms);
    if (!forward && problem.has(Role.LOGITS)) {
      macros.put("GRAD_INPUT", problem.has(Role.GRAD_INPUT) ? 1 : 0);
      macros.put("GRAD_LOGITS", problem.has(Role.GRAD_LOGITS) ? 1 : 0);
    }
    macros.window("H", geometry.h());
    macros.window("W", geometry.w());
    buffers.define(macros);
    RowsImplementation.prefetch(macros, device);
    RowRegions.definePhase(macros, call);
    RowShares shares = shares(call);
    List<KernelArgument> arguments = new ArrayList<>(call.buffers());
    if (terms) {
      arguments.add(TERMS);
    }
    arguments.addAll(new AxisArguments(call, problem.direction()).all());
    arguments.addAll(shares.arguments());
    if (call.reduction().name().equals("mix")) {
      arguments.add(new KernelArgument.Int((int) problem.input().c()));
      arguments.add(new KernelArgument.Int(call.ownWeights()));
    }
    String word = call.word() + (forward ? "_rows" : "_rows_gradient");
    Launch launch = call.launch(word, macros, arguments, shares.global(), buffers.bytes());
    if (!terms) {
      return LaunchPlan.of(launch);
    }
    long bytes = problem.output().elements() * call.numberBytes();
    return ParameterGradient.append(new LaunchPlan(List.of(launch), List.of(bytes)), TERMS, call);
  }
}
