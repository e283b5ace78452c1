package io.github.clpool.backend;

import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Require;
import java.util.Locale;

/**
 * The memory that a call needs on its device, in bytes, known before it is made. Immutable.
 *
 * @param inputs what it reads, gradients that it adds to not among it
 * @param results what it writes
 * @param temporaries what it takes besides: tables that its plan keeps, and buffers that exist only
 *     while it runs. Not among it are tables of graphs, whose size only their values say, the dense
 *     copies of views where an implementation takes none, as large as their tensors, and on the JVM
 *     arrays of the heap
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
    Require.present("problem", problem);
    return new CallMemory(bytes(problem, false), bytes(problem, true), temporaries);
  }

  private static long bytes(Problem problem, boolean results) {
    return problem.arguments().keySet().stream()
        .filter(role -> role.isResult(problem.direction()) == results)
        .mapToLong(role -> bytes(problem, role))
        .reduce(0, CallMemory::sum);
  }

  private static long bytes(Problem problem, Role role) {
    DataType type = problem.operator().typeOf(role, problem.type());
    return DeviceMemoryException.bytes(type, problem.arguments().get(role).elements());
  }

  private static long sum(long bytes, long more) {
    return bytes > Long.MAX_VALUE - more ? Long.MAX_VALUE : bytes + more;
  }

  /**
   * The memory of two calls together.
   *
   * @param other another call's
   * @return the sums, each the greatest number where it would be more
   */
  public CallMemory plus(CallMemory other) {
    Require.present("other", other);
    return new CallMemory(
        sum(inputs, other.inputs),
        sum(results, other.results),
        sum(temporaries, other.temporaries));
  }

  /**
   * All of it.
   *
   * @return the bytes, the greatest number where they would be more
   */
  public long total() {
    return sum(sum(inputs, results), temporaries);
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
