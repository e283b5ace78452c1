package io.github.clpool.cli;

import io.github.clpool.Pooling;
import io.github.clpool.backend.Verdict;
import io.github.clpool.io.Picture;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.EnumMap;
import java.util.Map;

/**
 * One operator on one picture, computed by a device and by the reference. Immutable.
 *
 * @param operator the operator
 * @param direction forward, or backward with the output as its gradient
 * @param result the output or the gradient of the input
 * @param implementation what computed it
 * @param seconds how long a call took
 * @param bytes how many bytes a call reads and writes
 * @param copySeconds how long the device takes to copy as many
 * @param differences how many elements differ from the reference's
 */
record Trial(
    Operator operator,
    Direction direction,
    Picture result,
    String implementation,
    double seconds,
    long bytes,
    double copySeconds,
    long differences) {
  boolean matches() {
    return differences == 0;
  }

  double speed() {
    return bytes / seconds;
  }

  double copySpeed() {
    return bytes / copySeconds;
  }

  /** Pools a picture. */
  static Trial forward(Pooling device, Pooling reference, Operator operator, Picture picture) {
    return run(device, reference, operator, Direction.FORWARD, picture, picture);
  }

  /** Sends an output back to where it came from. */
  static Trial backward(
      Pooling device, Pooling reference, Operator operator, Picture picture, Picture output) {
    return run(device, reference, operator, Direction.BACKWARD, picture, output);
  }

  private static Trial run(
      Pooling device,
      Pooling reference,
      Operator operator,
      Direction direction,
      Picture picture,
      Picture given) {
    boolean backward = direction == Direction.BACKWARD;
    Problem problem =
        Call.problem(operator, picture.shape(), Layout.NCHW, DataType.FLOAT32, backward, false);
    try (Tensors right = new Tensors(reference, problem, picture, given);
        Tensors ours = new Tensors(device, problem, picture, given)) {
      right.compute();
      double seconds = Timing.few(ours::compute);
      float[] result = ours.result();
      long differences = differences(right.result(), result) + ours.differences(right);
      double copySeconds;
      try (PlainCopy copy = PlainCopy.of(device, ours.bytes())) {
        copySeconds = Timing.few(copy::run);
      }
      Shape shape = backward ? problem.input() : problem.output();
      String implementation =
          device.explain(problem).stream()
              .filter(Verdict::accepted)
              .findFirst()
              .orElseThrow()
              .implementation();
      return new Trial(
          operator,
          direction,
          new Picture(shape.w(), shape.h(), result),
          implementation,
          seconds,
          ours.bytes(),
          copySeconds,
          differences);
    }
  }

  /** How many elements differ in their bits, any NaN alike. */
  private static long differences(float[] right, float[] found) {
    long differences = 0;
    for (int i = 0; i < right.length; i++) {
      if (Float.floatToIntBits(right[i]) != Float.floatToIntBits(found[i])) {
        differences++;
      }
    }
    return differences;
  }

  /** The tensors of one call on one device. */
  private static final class Tensors implements AutoCloseable {
    private final Pooling pooling;
    private final Problem problem;
    private final Map<Role, Tensor> tensors = new EnumMap<>(Role.class);

    Tensors(Pooling pooling, Problem problem, Picture picture, Picture given) {
      this.pooling = pooling;
      this.problem = problem;
      boolean forward = problem.direction() == Direction.FORWARD;
      problem
          .arguments()
          .forEach(
              (role, shape) ->
                  tensors.put(
                      role,
                      pooling.empty(
                          shape, Layout.NCHW, problem.operator().typeOf(role, problem.type()))));
      Role role = forward ? Role.INPUT : Role.GRAD_OUTPUT;
      tensors.get(role).write(java.nio.FloatBuffer.wrap(given.planes()));
      if (tensors.containsKey(Role.INDICES)) {
        select(picture);
      }
    }

    /** The indices that the backward call reads, from a forward call of the same device. */
    private void select(Picture picture) {
      Shape output = problem.output();
      try (Tensor x = pooling.tensor(picture.shape(), picture.planes());
          Tensor y = pooling.empty(output, Layout.NCHW, DataType.FLOAT32)) {
        Map<Role, Tensor> forward =
            Map.of(Role.INPUT, x, Role.OUTPUT, y, Role.INDICES, tensors.get(Role.INDICES));
        pooling.compute(problem.operator(), Direction.FORWARD, forward, false);
      }
    }

    void compute() {
      pooling.compute(problem.operator(), problem.direction(), tensors, false);
      pooling.finish();
    }

    float[] result() {
      boolean forward = problem.direction() == Direction.FORWARD;
      return tensors.get(forward ? Role.OUTPUT : Role.GRAD_INPUT).toFloats();
    }

    /** How many indices differ. */
    long differences(Tensors right) {
      if (!tensors.containsKey(Role.INDICES)) {
        return 0;
      }
      int[] expected = right.tensors.get(Role.INDICES).toInts();
      int[] found = tensors.get(Role.INDICES).toInts();
      long same = 0;
      for (int i = 0; i < expected.length; i++) {
        same += expected[i] == found[i] ? 1 : 0;
      }
      return expected.length - same;
    }

    long bytes() {
      return tensors.values().stream()
          .mapToLong(tensor -> tensor.shape().elements() * tensor.type().bytes())
          .sum();
    }

    @Override
    public void close() {
      tensors.values().forEach(Tensor::close);
    }
  }
}
