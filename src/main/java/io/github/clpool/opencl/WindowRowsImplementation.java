package io.github.clpool.opencl;

import io.github.clpool.backend.Verdict;
import io.github.clpool.op.AxisRegions;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.op.WindowAxis;
import io.github.clpool.tensor.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Rows of outputs on a CPU for reductions whose windows share nothing: neighbouring outputs side by
 * side, tap after tap.
 */
final class WindowRowsImplementation implements OpenClImplementation {
  /** A window's row is unrolled. */
  private static final int MOST_UNROLLED = 32;

  /** Each phase of a gradient's stride has a sum in a register. */
  private static final int MOST_GRADIENT_STRIDE = 16;

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
    Geometry geometry = call.geometry();
    AxisRegions d = geometry.d();
    if (d.inputSize() != 1 || d.outputSize() != 1 || d.maxTaps() != 1) {
      return refuse("there are regions along the depth");
    }
    if (!(geometry.h() instanceof WindowAxis h) || !(geometry.w() instanceof WindowAxis w)) {
      return refuse("the regions are not windows");
    }
    if (w.kernel() > MOST_UNROLLED) {
      return refuse("windows are wider than " + MOST_UNROLLED + " cells");
    }
    if (problem.direction() == Direction.BACKWARD && w.stride() > MOST_GRADIENT_STRIDE) {
      return refuse("the stride along the width is more than " + MOST_GRADIENT_STRIDE);
    }
    WindowRowBuffers buffers = WindowRowBuffers.of(call, kernel.get());
    if (!buffers.fit()) {
      return refuse(
          "rows take %d bytes of a work-item, more than %d"
              .formatted(buffers.bytes(), buffers.mostBytes()));
    }
    return hasEmpty(h) || hasEmpty(w)
        ? refuse("a region is empty")
        : accept("rows fit into private buffers");
  }

  private static boolean hasEmpty(WindowAxis axis) {
    for (int o = 0; axis.dilation() > 1 && o < axis.outputSize(); o++) {
      if (axis.taps(o) == 0) {
        return true;
      }
    }
    return false;
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
    if (!forward) {
      macros.put("GRAD_INPUT", problem.has(Role.GRAD_INPUT) ? 1 : 0);
      macros.put("GRAD_LOGITS", problem.has(Role.GRAD_LOGITS) ? 1 : 0);
    }
    macros.window("H", geometry.h());
    macros.window("W", geometry.w());
    buffers.define(macros);
    RowsImplementation.prefetch(macros, device);
    if (!forward) {
      WindowAxis w = (WindowAxis) geometry.w();
      macros.put("PADDING_PHASE", w.before() % w.stride());
    }
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
    Launch launch =
        new Launch(
            word + ".cl",
            macros.values(),
            call.kernel(word),
            arguments,
            shares.global(),
            List.of(1L, 1L),
            buffers.bytes());
    if (!terms) {
      return LaunchPlan.of(launch);
    }
    long bytes = problem.output().elements() * call.numberBytes();
    return ParameterGradient.append(new LaunchPlan(List.of(launch), List.of(bytes)), TERMS, call);
  }
}
