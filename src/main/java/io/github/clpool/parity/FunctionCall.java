package io.github.clpool.parity;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.HeapStorage;
import io.github.clpool.op.Problem;
import io.github.clpool.op.RandomKey;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Shape;

/**
 * One call of a {@link PoolFunction}. Its arrays hold the elements in the memory order of the
 * call's layout; those of results are written by the function. An accumulating call adds to what
 * they hold, else they hold nothing of use. Valid until the function returns; not thread-safe.
 */
public final class FunctionCall {
  private final Problem problem;
  private final Arguments arguments;

  FunctionCall(Problem problem, Arguments arguments) {
    this.problem = problem;
    this.arguments = arguments;
  }

  /**
   * What is to be computed: operator, direction, layout, type, and the shapes of all tensors.
   *
   * @return the call without its values
   */
  public Problem problem() {
    return problem;
  }

  /**
   * The shape of a tensor of the call.
   *
   * @param role what it is to the operator
   * @return the shape
   * @throws IllegalArgumentException if the call has no tensor in that role
   */
  public Shape shape(Role role) {
    checkPresent(role);
    return problem.arguments().get(role);
  }

  /**
   * The elements of a FLOAT32 tensor.
   *
   * @param role what it is to the operator
   * @return the array itself
   * @throws IllegalArgumentException if the call has no such tensor in that role
   */
  public float[] floats(Role role) {
    return storage(role, DataType.FLOAT32).floats();
  }

  /**
   * The elements of a FLOAT64 tensor.
   *
   * @param role what it is to the operator
   * @return the array itself
   * @throws IllegalArgumentException if the call has no such tensor in that role
   */
  public double[] doubles(Role role) {
    return storage(role, DataType.FLOAT64).doubles();
  }

  /**
   * The bits of a FLOAT16 or BFLOAT16 tensor, which {@code Half} and {@code BFloat16} read.
   *
   * @param role what it is to the operator
   * @return the array itself
   * @throws IllegalArgumentException if the call has no such tensor in that role
   */
  public short[] bits(Role role) {
    return storage(role, DataType.FLOAT16, DataType.BFLOAT16).bits();
  }

  /**
   * The elements of an INT32 tensor, such as indices.
   *
   * @param role what it is to the operator
   * @return the array itself
   * @throws IllegalArgumentException if the call has no such tensor in that role
   */
  public int[] ints(Role role) {
    return storage(role, DataType.INT32).ints();
  }

  /**
   * The key of the random draw, which every call is given.
   *
   * @return the key
   */
  public RandomKey key() {
    return arguments.key().orElseThrow();
  }

  private void checkPresent(Role role) {
    Require.that(
        problem.has(Require.present("role", role)),
        "role is %s, but the call has only %s",
        role,
        problem.arguments().keySet());
  }

  private HeapStorage storage(Role role, DataType... types) {
    checkPresent(role);
    HeapStorage storage = HeapStorage.of(arguments, role);
    boolean fits = false;
    for (DataType type : types) {
      fits |= storage.type() == type;
    }
    Require.that(
        fits, "%s has type %s, which this method does not give", role.words(), storage.type());
    return storage;
  }

  @Override
  public String toString() {
    return problem.toString();
  }
}
