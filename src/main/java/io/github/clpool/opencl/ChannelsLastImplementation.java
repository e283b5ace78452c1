package io.github.clpool.opencl;

import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Problem;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** Layout NHWC on a CPU: a work-item takes all channels of a cell, eight at a time. */
final class ChannelsLastImplementation implements OpenClImplementation {
  private static final int LANES = 8;
  private static final int WORK_GROUP = 16;

  @Override
  public String name() {
    return "channels_last";
  }

  @Override
  public Verdict accepts(Problem problem, DeviceProfile device) {
    PoolFamily family = PoolFamily.of(problem);
    long channels = problem.input().c();
    if (problem.layout() != Layout.NHWC) {
      return refuse("the layout is " + problem.layout());
    }
    if (channels < LANES) {
      return refuse("there are " + channels + " channels, fewer than " + LANES);
    }
    if (problem.accumulate() && channels % LANES != 0) {
      return refuse("accumulating needs a multiple of " + LANES + " channels, not " + channels);
    }
    Optional<String> sumsRefusal = family.plainSumsRefusal(problem, device);
    if (sumsRefusal.isPresent()) {
      return refuse(sumsRefusal.get());
    }
    return accept("layout NHWC with " + channels + " channels");
  }

  @Override
  public long iterations(Problem problem, DeviceProfile device) {
    return Loops.nest(problem.input().c() / LANES + 1, Loops.overRegions(problem));
  }

  @Override
  public LaunchPlan plan(Problem problem, DeviceProfile device) {
    PoolFamily family = PoolFamily.of(problem);
    SortedMap<String, String> macros = family.macros(problem, device);
    macros.remove("CHANNELS_LAST");
    Shape input = problem.input();
    List<KernelArgument> arguments = new ArrayList<>(family.buffers(problem));
    arguments.addAll(AxisArguments.of(problem, problem.direction()));
    arguments.add(new KernelArgument.Int((int) input.c()));
    arguments.add(new KernelArgument.Int((int) input.n()));
    arguments.addAll(family.tail(problem));
    boolean forward = problem.direction() == Direction.FORWARD;
    long cells = (forward ? problem.output() : input).planeSize();
    String word = family.word() + "_channels_last";
    return LaunchPlan.of(
        new Launch(
            word + ".cl",
            macros,
            family.kernel(word, problem),
            arguments,
            List.of(cells, input.n()),
            List.of(Math.min(WORK_GROUP, device.maxWorkGroup()), 1L)));
  }
}
