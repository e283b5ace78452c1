package io.github.clpool.opencl.roi;

import io.github.clpool.backend.Arguments;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Roi;
import io.github.clpool.op.RoiAlign;
import io.github.clpool.op.Role;
import io.github.clpool.opencl.plan.KernelArgument;
import io.github.clpool.roi.CallRois;
import java.util.List;
import java.util.Set;

/**
 * Says what is wrong with a region that the kernels refused.
 *
 * @param problem the call
 * @param mostSamples the most samples of a bin that the kernels can go through
 */
record RoiFault(Problem problem, int mostSamples) implements KernelArgument.Fault.Report {
  @Override
  public Set<Role> quoted() {
    return Set.of(Role.ROIS, Role.BATCH_INDICES);
  }

  @Override
  public RuntimeException exception(long position, Arguments arguments) {
    List<Roi> rois;
    try {
      rois = CallRois.of(problem, arguments);
    } catch (IllegalArgumentException refused) {
      return refused;
    }
    Roi roi = rois.get((int) position);
    if (problem.operator() instanceof RoiAlign align && align.samples(roi) > mostSamples) {
      return new IllegalArgumentException(
          "rois[%d] has %d samples in a bin, but before more than %d the device would end a work-item's loops"
              .formatted(position, align.samples(roi), mostSamples));
    }
    return new IllegalArgumentException(
        "rois[%d] was refused, and has changed since".formatted(position));
  }
}
