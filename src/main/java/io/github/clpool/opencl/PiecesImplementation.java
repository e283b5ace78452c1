package io.github.clpool.opencl;

import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * {@code direct} in many launches: each takes a piece of every region, for gradients of the outputs
 * that cover a cell, and goes on where the one before ended. For regions so large that a device
 * would end a work-item's loops early.
 */
final class PiecesImplementation implements OpenClImplementation {
  /** Positions of a piece; few enough launches for large planes. */
  private static final long MOST = 1 << 14;

  /** A {@code BoxSum} of {@code lib/pieces.clh}: three sums of six levels and a count. */
  private static final long BOX_SUM = 3 * (6 + 1);

  @Override
  public String name() {
    return "pieces";
  }

  @Override
  public boolean placesPerPlane() {
    return true;
  }

  @Override
  public Verdict accepts(Problem problem, DeviceProfile device) {
    PoolFamily family = PoolFamily.of(problem);
    if (!(family instanceof SumFamily) && !(family instanceof SelectFamily)) {
      return refuse("only max, min, avg and sum can go on where they ended");
    }
    return device.endsLoops()
        ? accept("the device ends loops early")
        : refuse("the device ends no loop early");
  }

  @Override
  public long iterations(Problem problem, DeviceProfile device) {
    return Loops.nest(piece(device));
  }

  private static long piece(DeviceProfile device) {
    return Math.min(MOST, Math.max(1, device.loopLimit() / 2));
  }

  @Override
  public LaunchPlan plan(Problem problem, DeviceProfile device) {
    PoolFamily family = PoolFamily.of(problem);
    SortedMap<String, String> macros = family.macros(problem, device);
    boolean forward = PoolFamily.isForward(problem);
    long cells = (forward ? problem.output() : problem.input()).elements();
    long number = problem.type().computingType().bytes();
    List<Long> temporaries =
        family.sums()
            ? List.of(cells * BOX_SUM * number)
            : forward ? List.of() : List.of(cells * number);
    long positions = Loops.positions(problem);
    long piece = piece(device);
    List<Launch> launches = new ArrayList<>();
    for (long first = 0; first == 0 || first < positions; first += piece) {
      List<KernelArgument> buffers = new ArrayList<>(family.buffers(problem));
      if (!temporaries.isEmpty()) {
        buffers.add(new KernelArgument.Temporary(0));
      }
      buffers.add(new KernelArgument.Int((int) first));
      buffers.add(new KernelArgument.Int((int) (first + piece)));
      CellKernel kernel =
          forward
              ? CellKernel.perOutput("forward", buffers)
              : CellKernel.perCell("backward", buffers);
      launches.add(CellLaunch.of(family.word() + "_pieces", macros, kernel, problem, device));
    }
    return new LaunchPlan(launches, temporaries);
  }
}
