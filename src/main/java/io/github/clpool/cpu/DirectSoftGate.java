package io.github.clpool.cpu;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.Computation;
import io.github.clpool.backend.HeapStorage;
import io.github.clpool.exact.Precision;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.reference.SoftGateFormula;

/** {@link SoftGateFormula}, a stretch of elements at a time. */
record DirectSoftGate() implements DirectImplementation {
  private static final int STRETCH = 1 << 12;

  @Override
  public Computation plan(Problem problem, Parallel parallel) {
    return arguments -> run(problem, Numbers.of(problem.type()), parallel, arguments);
  }

  private static <A> void run(
      Problem problem, Numbers<A> numbers, Parallel parallel, Arguments arguments) {
    Precision precision = Precision.of(problem.type());
    boolean forward = problem.direction() == Direction.FORWARD;
    HeapStorage input = HeapStorage.of(arguments, Role.INPUT);
    HeapStorage gradOutput = forward ? null : HeapStorage.of(arguments, Role.GRAD_OUTPUT);
    HeapStorage result = HeapStorage.of(arguments, forward ? Role.OUTPUT : Role.GRAD_INPUT);
    long elements = problem.input().elements();
    int stretches = (int) ((elements + STRETCH - 1) / STRETCH);
    parallel.run(
        stretches,
        elements * (forward ? 2 : 3),
        () -> numbers.array(3 * STRETCH),
        (array, stretch) -> {
          int start = stretch * STRETCH;
          int count = (int) Math.min(STRETCH, elements - start);
          numbers.load(input, start, 1, array, 0, count);
          if (forward) {
            for (int i = 0; i < count; i++) {
              double z = numbers.get(array, i);
              numbers.set(array, i, SoftGateFormula.gate(z, precision));
            }
          } else {
            A old = problem.accumulate() ? numbers.array(count) : null;
            numbers.load(gradOutput, start, 1, array, STRETCH, count);
            for (int i = 0; i < count; i++) {
              double g = numbers.get(array, STRETCH + i);
              double z = numbers.get(array, i);
              numbers.set(array, i, SoftGateFormula.gradient(z, g, precision));
            }
            if (old != null) {
              numbers.load(result, start, 1, old, 0, count);
            }
            numbers.complete(array, 0, count, old);
          }
          numbers.store(array, 0, result, start, 1, count);
        });
  }
}
