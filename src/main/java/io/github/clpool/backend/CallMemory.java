package io.github.clpool.backend;

import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.DataType;
import java.util.Locale;

/**
 * The memory that a call needs on its device, in bytes, known before it is made. Immutable.
 *
 * @param inputs what it reads, gradients that it adds to not among it
 * @param results what it writes
 * @param temporaries what it takes besides: tables that its plan keeps, and buffers that exist only
 *     while it runs. Not among it are tables of graphs, whose size only their values say, copies of
 *     views, and on the JVM arrays of the heap
 */
public record CallMemory(long inputs, long results, long temporaries) {
  /**
   * Adds the tensors of a call up.
   *
   * @param problem the call
   * @param temporaries what it takes besides
   * @return all of it
   */
  public static CallMemory of(Problem problem, long temporaries) {
    return new CallMemory(bytes(problem, false), bytes(problem, true), temporaries);
  }

  private static long bytes(Problem problem, boolean results) {
    return problem.arguments().keySet().stream()
        .filter(role -> role.isResult(problem.direction()) == results)
        .mapToLong(role -> bytes(problem, role))
        .sum();
  }

  private static long bytes(Problem problem, Role role) {
    DataType type = problem.operator().typeOf(role, problem.type());
    return DeviceMemoryException.bytes(type, problem.arguments().get(role).elements());
  }

  /**
   * All of it.
   *
   * @return the bytes
   */
  public long total() {
    return Math.addExact(Math.addExact(inputs, results), temporaries);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%,d bytes: inputs %,d, results %,d, temporaries %,d",
        total(),
        inputs,
        results,
        temporaries);
  }
}
