package io.github.clpool.cpu;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.Computation;
import io.github.clpool.backend.HeapStorage;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import java.util.function.Supplier;

/**
 * Folds regions tap by tap, part by part.
 *
 * @param problem the problem
 * @param parts how its planes are cut
 * @param elements what is folded, for a thread
 * @param fold how sources are folded
 * @param powers what of cells is folded
 * @param parallel how parts are spread over threads
 */
record TapsPass<A>(
    Problem problem,
    TapParts parts,
    Supplier<Elements<A>> elements,
    Fold fold,
    Powers powers,
    Parallel parallel) {
  boolean isForward() {
    return problem.direction() == Direction.FORWARD;
  }

  /** Keeps scratch memory from call to call. */
  Computation computation() {
    Workspaces<TapsBand<A>> bands = new Workspaces<>(() -> new TapsBand<>(this, elements.get()));
    return arguments -> run(bands, arguments);
  }

  private void run(Workspaces<TapsBand<A>> bands, Arguments arguments) {
    HeapStorage from = HeapStorage.of(arguments, isForward() ? Role.INPUT : Role.GRAD_OUTPUT);
    HeapStorage to = HeapStorage.of(arguments, isForward() ? Role.OUTPUT : Role.GRAD_INPUT);
    int[] indices =
        problem.has(Role.INDICES) ? HeapStorage.of(arguments, Role.INDICES).ints() : null;
    int depths = parts.d().size();
    int heights = parts.h().size();
    int groups = (parts.slabs().count() + parts.planes() - 1) / parts.planes();
    parallel.run(
        groups * depths * heights,
        problem.input().elements() + problem.output().elements(),
        bands,
        (band, item) -> {
          int slab = item / heights / depths * parts.planes();
          AxisTaps d = parts.d().get(item / heights % depths);
          AxisTaps h = parts.h().get(item % heights);
          band.run(from, to, indices, slab, d, h);
        });
  }
}
