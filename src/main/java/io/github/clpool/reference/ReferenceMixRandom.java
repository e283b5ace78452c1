package io.github.clpool.reference;

import io.github.clpool.exact.Philox;
import io.github.clpool.op.Divisor;
import io.github.clpool.op.RandomKey;
import io.github.clpool.op.Role;

/** The maximum in some planes, the average in the others. docs/semantics.md, sections 3 and 5. */
record ReferenceMixRandom(Divisor divisor) implements ReferenceMix {
  @Override
  public void forward(MixPlane plane) {
    RandomKey key = plane.arguments.key().orElseThrow();
    Philox draws = key.numbers(Philox.Stream.PLANES);
    boolean max = draws.uniform(number(plane)) < 0.5;
    plane.store(plane.cells(Role.OUTPUT, plane.c), max ? plane::max : plane::avg);
    if (plane.problem.has(Role.CHOICE)) {
      Cells.array(plane.arguments.get(Role.CHOICE)).set(number(plane), max ? 1 : 0);
    }
  }

  @Override
  public void backward(MixPlane plane) {
    Cells g = plane.cells(Role.GRAD_OUTPUT, plane.c);
    boolean max = Cells.array(plane.arguments.get(Role.CHOICE)).get(number(plane)) != 0;
    plane.storeGradient(
        (cell, covers) ->
            max ? plane.maxGradient(cell, covers, g::get) : plane.avgGradient(covers, g::get));
  }

  private static int number(MixPlane plane) {
    return (int) (plane.n * plane.problem.input().c() + plane.c);
  }
}
