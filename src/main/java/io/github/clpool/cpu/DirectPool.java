package io.github.clpool.cpu;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.Computation;
import io.github.clpool.op.Problem;
import io.github.clpool.reference.Formula;
import io.github.clpool.reference.Weights;
import java.util.function.Function;
import java.util.function.IntFunction;

/** Takes every reduction that selects no cell: its formula for each plane, planes in parallel. */
record DirectPool() implements DirectImplementation {
  @Override
  public Computation plan(Problem problem, Parallel parallel) {
    Formula formula = Formula.of(problem);
    Numbers<?> numbers = Numbers.of(problem.type());
    Function<Arguments, IntFunction<Footprints>> footprints = Footprints.finder(problem);
    return arguments ->
        run(problem, formula, numbers, parallel, footprints.apply(arguments), arguments);
  }

  private static <A> void run(
      Problem problem,
      Formula formula,
      Numbers<A> numbers,
      Parallel parallel,
      IntFunction<Footprints> footprints,
      Arguments arguments) {
    Weights weights = Weights.of(problem, arguments);
    parallel.run(
        (int) problem.input().planeCount(),
        problem.input().elements() + problem.output().elements(),
        () -> new DirectPlane<>(problem, arguments, numbers, weights),
        (plane, number) -> {
          plane.goTo(number, footprints.apply(number));
          formula.run(plane);
        });
    weights.storeGradient(arguments);
  }
}
