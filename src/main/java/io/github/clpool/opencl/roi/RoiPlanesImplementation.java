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
import java.util.ArrayList;
import java.util.List;

/**
 * Regions of interest on a CPU: those of an image plane by plane, so that the plane stays in the
 * caches; gradients band by band of rows, each with an owner that adds region after region.
 */
public final class RoiPlanesImplementation implements OpenClImplementation {
  /** Work-items per compute unit, so that one that is held up leaves work for the others. */
  private static final int ITEMS_PER_UNIT = 16;

  /** A band's sums should stay in the caches. */
  private static final int CELLS_OF_BAND = 1 << 16;

  @Override
  public String name() {
    return "planes";
  }

  @Override
  public boolean ownsRows() {
    return true;
  }

  @Override
  public Verdict accepts(Problem problem, DeviceProfile device) {
    if (problem.layout() != Layout.NCHW) {
      return refuse("the layout is " + problem.layout());
    }
    RoiLaunches launches = new RoiLaunches(problem, device);
    if (!geometry(launches).fits()) {
      return refuse("the geometry of so many regions has 2^31 numbers or more");
    }
    boolean boxesTell = launches.ofSamples() && launches.operator().samplingRatio() == 0;
    if (boxesTell && device.endsLoops()) {
      return refuse(
          "only the boxes say how many samples there are, and the device ends long loops");
    }
    return launches.spreads() && launches.mostBins() > Sums.BLOCK
        ? refuse("sums have more than " + Sums.BLOCK + " terms along an axis")
        : accept("the planes of an image stay in the caches");
  }

  /** Among how many work-items the regions of a plane are parted. */
  private static long parts(RoiLaunches launches) {
    long planes = launches.problem().input().planeCount();
    return (mostItems(launches.device()) - 1) / Math.max(planes, 1) + 1;
  }

  /** Gradients have a tile for each band, and nothing else needs tiles. */
  private static RoiGeometry geometry(RoiLaunches launches) {
    Bands bands = Bands.of(launches.problem(), launches.device());
    return launches.geometry(bands.height, launches.problem().input().w());
  }

  @Override
  public LaunchPlan plan(Problem problem, DeviceProfile device) {
    RoiLaunches launches = new RoiLaunches(problem, device);
    RoiGeometry geometry = geometry(launches);
    KernelArgument x = new KernelArgument.Buffer(Role.INPUT);
    if (launches.isForward()) {
      List<KernelArgument> buffers =
          new ArrayList<>(KernelArgument.buffers(Role.INPUT, Role.OUTPUT));
      if (problem.has(Role.INDICES)) {
        buffers.add(new KernelArgument.Buffer(Role.INDICES));
      }
      return RoiLaunches.plan(geometry, List.of(perPlane("forward", launches, buffers)), List.of());
    }
    KernelArgument sums = new KernelArgument.Temporary(RoiGeometry.TABLES + 1);
    KernelArgument winners = new KernelArgument.Temporary(RoiGeometry.TABLES + 2);
    Bands bands = Bands.of(problem, device);
    List<Launch> all = new ArrayList<>();
    List<Long> temporaries = new ArrayList<>(List.of(bands.bytes(problem, launches.spreads())));
    List<KernelArgument> buffers = new ArrayList<>(KernelArgument.buffers(Role.GRAD_OUTPUT));
    if (launches.ofSamples()) {
      all.add(perPlane("winners", launches, List.of(x, winners)));
      temporaries.add(problem.output().elements() * Integer.BYTES);
      buffers.add(winners);
    } else if (problem.has(Role.INDICES)) {
      buffers.add(new KernelArgument.Buffer(Role.INDICES));
    }
    buffers.add(new KernelArgument.Buffer(Role.GRAD_INPUT));
    buffers.add(sums);
    all.add(perBand(bands, launches, buffers));
    return RoiLaunches.plan(geometry, all, temporaries);
  }

  private static long mostItems(DeviceProfile device) {
    return (long) device.computeUnits() * ITEMS_PER_UNIT;
  }

  private static Launch perPlane(
      String suffix, RoiLaunches launches, List<KernelArgument> buffers) {
    long planes = launches.problem().input().planeCount();
    long parts = parts(launches);
    return launches.launch(
        "planes_" + suffix,
        buffers,
        geometry(launches),
        List.of(new KernelArgument.Int((int) planes), new KernelArgument.Int((int) parts)),
        List.of(parts, planes),
        List.of(1L, 1L));
  }

  private static Launch perBand(Bands bands, RoiLaunches launches, List<KernelArgument> buffers) {
    return launches.launch(
        "planes_backward",
        buffers,
        geometry(launches),
        List.of(new KernelArgument.Long(bands.jobs), new KernelArgument.Int((int) bands.perItem)),
        List.of(bands.items),
        List.of(1L));
  }

  /** Bands of so many rows, in all planes together, and how many each of some work-items makes. */
  private record Bands(int height, long jobs, long perItem, long items) {
    static Bands of(Problem problem, DeviceProfile device) {
      Shape input = problem.input();
      long wanted = (mostItems(device) - 1) / Math.max(input.planeCount(), 1) + 1;
      long rows = Math.min((input.h() - 1) / wanted + 1, CELLS_OF_BAND / input.w());
      int height = (int) Math.max(rows, 1);
      long jobs = input.planeCount() * ((input.h() - 1) / height + 1);
      long perItem = (jobs - 1) / mostItems(device) + 1;
      return new Bands(height, jobs, perItem, (jobs - 1) / perItem + 1);
    }

    /** The size of the work-items' sums, and of a line for each row of bins if those are needed. */
    long bytes(Problem problem, boolean lines) {
      int rows = lines ? ((RoiOperator) problem.operator()).outputHeight() : 0;
      long cells = (long) (height + rows) * problem.input().w();
      return items * cells * problem.type().computingType().bytes();
    }
  }
}
