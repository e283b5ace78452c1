package io.github.clpool.opencl.cpu;

import io.github.clpool.op.AxisRegions;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.WindowAxis;
import io.github.clpool.opencl.plan.Macros;
import io.github.clpool.opencl.plan.PoolCall;

/** What kernels that go along rows need of the regions. Stateless. */
final class RowRegions {
  /** Each phase of a gradient's stride has a sum in a register. */
  private static final int MOST_GRADIENT_STRIDE = 16;

  private RowRegions() {}

  /** What is wrong with the regions for kernels of flat windows, or null. */
  static String flatMisfit(PoolCall call) {
    AxisRegions d = call.geometry().d();
    return d.inputSize() != 1 || d.outputSize() != 1 || d.maxTaps() != 1
        ? "there are regions along the depth"
        : misfit(call);
  }

  /** What is wrong with the regions for kernels of windows, or null. */
  static String misfit(PoolCall call) {
    Geometry geometry = call.geometry();
    if (!(geometry.d() instanceof WindowAxis)
        || !(geometry.h() instanceof WindowAxis)
        || !(geometry.w() instanceof WindowAxis w)) {
      return "the regions are not windows";
    }
    if (!call.isForward() && w.stride() > MOST_GRADIENT_STRIDE) {
      return "the stride along the width is more than " + MOST_GRADIENT_STRIDE;
    }
    return emptyMisfit(geometry);
  }

  /** What is wrong with windows whose taps may all be padding, or null. */
  static String emptyMisfit(Geometry geometry) {
    for (int i = 0; i < 3; i++) {
      if (geometry.axis(i) instanceof WindowAxis axis && axis.dilation() > 1 && hasEmpty(axis)) {
        return "a region is empty";
      }
    }
    return null;
  }

  private static boolean hasEmpty(WindowAxis axis) {
    for (int o = 0; o < axis.outputSize(); o++) {
      if (axis.taps(o) == 0) {
        return true;
      }
    }
    return false;
  }

  /** Says where in a stride a gradient's padding ends. */
  static void definePhase(Macros macros, PoolCall call) {
    if (!call.isForward() && call.geometry().w() instanceof WindowAxis w) {
      macros.put("PADDING_PHASE", w.before() % w.stride());
    }
  }
}
