package io.github.clpool.cpu;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.Computation;
import io.github.clpool.backend.HeapStorage;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;

/**
 * Folds windows band by band.
 *
 * @param problem the problem
 * @param stencils its windows
 * @param slabs how its tensors are cut
 * @param numbers what is folded
 * @param fold how cells are folded
 * @param powers what of cells is folded
 * @param parallel how bands are spread over threads
 */
record RowsPass<A>(
    Problem problem,
    Stencils stencils,
    Slabs slabs,
    Numbers<A> numbers,
    Fold fold,
    Powers powers,
    Parallel parallel) {
  boolean isForward() {
    return problem.direction() == Direction.FORWARD;
  }

  /** Keeps scratch memory from call to call. */
  Computation computation() {
    Workspaces<Band<A>> workspaces = new Workspaces<>(() -> new Band<>(this, numbers));
    return arguments -> run(workspaces, arguments);
  }

  private void run(Workspaces<Band<A>> workspaces, Arguments arguments) {
    HeapStorage from = HeapStorage.of(arguments, isForward() ? Role.INPUT : Role.GRAD_OUTPUT);
    HeapStorage to = HeapStorage.of(arguments, isForward() ? Role.OUTPUT : Role.GRAD_INPUT);
    int bandsH = stencils.bandsH();
    int bands = stencils.bandsD() * bandsH;
    parallel.run(
        slabs.count() * bands,
        problem.input().elements() + problem.output().elements(),
        workspaces,
        (band, item) -> {
          int firstD = stencils.d().first() + item % bands / bandsH * stencils.bandD();
          int firstH = stencils.h().first() + item % bandsH * stencils.bandH();
          band.run(from, to, item / bands, firstD, firstH);
        });
  }
}
