package io.github.clpool.opencl.roi;

import io.github.clpool.backend.Verdict;
import io.github.clpool.exact.Sums;
import io.github.clpool.op.Problem;
import io.github.clpool.op.RoiOperator;
import io.github.clpool.op.Role;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.plan.KernelArgument;
import io.github.clpool.opencl.plan.Launch;
import io.github.clpool.opencl.plan.LaunchPlan;
import io.github.clpool.opencl.plan.OpenClImplementation;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import java.util.List;
import java.util.Optional;

/** RoiAlign's average on CPUs in layout NHWC: all channels of a cell by one work-item. */
public final class RoiChannelsLastImplementation implements OpenClImplementation {
  private static final int LANES = 8;
  private static final long WORK_GROUP = 16;

  @Override
  public String name() {
    return "channels_last";
  }

  @Override
  public boolean ownsRows() {
    return true;
  }

  @Override
  public Verdict accepts(Problem problem, DeviceProfile device) {
    RoiOperator operator = (RoiOperator) problem.operator();
    RoiLaunches launches = new RoiLaunches(problem, device);
    long channels = problem.input().c();
    if (problem.layout() != Layout.NHWC) {
      return refuse("the layout is " + problem.layout());
    } else if (!operator.interpolates() || !operator.averages()) {
      return refuse("only averages of samples are vectors of channels");
    } else if (channels < LANES) {
      return refuse("there are " + channels + " channels, fewer than " + LANES);
    } else if (problem.accumulate() && channels % LANES != 0) {
      return refuse("accumulating needs a multiple of " + LANES + " channels, not " + channels);
    }
    Optional<String> divisionRefusal = device.divisionRefusal(problem.type());
    if (divisionRefusal.isPresent()) {
      return refuse(divisionRefusal.get());
    }
    if (!launches.geometry().fits()) {
      return refuse("the geometry of so many regions has 2^31 numbers or more");
    }
    return launches.spreads() && launches.mostBins() > Sums.BLOCK
        ? refuse("sums have more than " + Sums.BLOCK + " terms along an axis")
        : accept("layout NHWC with " + channels + " channels");
  }

  @Override
  public LaunchPlan plan(Problem problem, DeviceProfile device) {
    RoiLaunches launches = new RoiLaunches(problem, device);
    boolean forward = launches.isForward();
    Shape items = forward ? problem.output() : problem.input();
    RoiGeometry geometry = launches.geometry();
    Launch launch =
        launches.launch(
            "channels_last_" + (forward ? "forward" : "backward"),
            forward
                ? KernelArgument.buffers(Role.INPUT, Role.OUTPUT)
                : KernelArgument.buffers(Role.GRAD_OUTPUT, Role.GRAD_INPUT),
            geometry,
            List.of(),
            List.of((long) items.planeSize(), items.n()),
            List.of(Math.min(WORK_GROUP, device.maxWorkGroup()), 1L));
    return RoiLaunches.plan(geometry, List.of(launch), List.of());
  }
}
