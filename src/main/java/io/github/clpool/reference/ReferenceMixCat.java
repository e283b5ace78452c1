package io.github.clpool.reference;

import io.github.clpool.op.Divisor;
import io.github.clpool.op.Mixture;
import io.github.clpool.op.Role;

/** Maximum and average as two halves of the channels. */
record ReferenceMixCat(Mixture.Order order, Divisor divisor) implements ReferenceMix {
  @Override
  public void forward(MixPlane plane) {
    plane.store(plane.cells(Role.OUTPUT, channelOfMax(plane)), plane::max);
    plane.store(plane.cells(Role.OUTPUT, channelOfAvg(plane)), plane::avg);
  }

  @Override
  public void backward(MixPlane plane) {
    Cells gOfMax = plane.cells(Role.GRAD_OUTPUT, channelOfMax(plane));
    Cells gOfAvg = plane.cells(Role.GRAD_OUTPUT, channelOfAvg(plane));
    plane.storeGradient((cell, covers) -> plane.gradient(cell, covers, gOfMax::get, gOfAvg::get));
  }

  private long channelOfMax(MixPlane plane) {
    return order == Mixture.Order.MAX_AVG ? plane.c : plane.c + plane.problem.input().c();
  }

  private long channelOfAvg(MixPlane plane) {
    return order == Mixture.Order.AVG_MAX ? plane.c : plane.c + plane.problem.input().c();
  }
}
