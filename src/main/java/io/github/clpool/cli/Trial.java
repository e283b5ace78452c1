package io.github.clpool.cli;

import io.github.clpool.Pooling;
import io.github.clpool.io.Picture;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Role;
import io.github.clpool.parity.Case;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.stream.IntStream;

/**
 * One operator on one picture, computed by a device and by the reference. Immutable.
 *
 * @param operator the operator
 * @param direction forward, or backward with the output as its gradient
 * @param shape the shape of the output or of the gradient of the input
 * @param result the same as a picture; of twice as many planes, two of them one above the other
 * @param implementation what computed it
 * @param seconds how long a call took
 * @param bytes how many bytes a call reads and writes
 * @param copySeconds how long the device takes to copy as many
 * @param differences how many elements differ from the reference's
 */
record Trial(
    Operator operator,
    Direction direction,
    Shape shape,
    Picture result,
    String implementation,
    double seconds,
    long bytes,
    double copySeconds,
    long differences) {
  /** Bright cells are important, as far as the gate of the paper lets them. */
  private static final float GREATEST_LOGIT = 12;

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
  static Trial forward(Pooling device, Pooling reference, Sample sample, Picture picture) {
    return run(device, reference, sample, Direction.FORWARD, picture, picture);
  }

  /** Sends an output back to where it came from. */
  static Trial backward(
      Pooling device, Pooling reference, Sample sample, Picture picture, Picture output) {
    return run(device, reference, sample, Direction.BACKWARD, picture, output);
  }

  private static Trial run(
      Pooling device,
      Pooling reference,
      Sample sample,
      Direction direction,
      Picture picture,
      Picture given) {
    Operator operator = sample.operator();
    boolean backward = direction == Direction.BACKWARD;
    Case subject =
        Call.subject(operator, picture.shape(), Layout.NCHW, sample.type(), backward, false);
    BiPredicate<Role, Tensor> fill = (role, tensor) -> draw(role, tensor, picture, given);
    try (CallTensors right = new CallTensors(reference, subject, fill);
        CallTensors ours = new CallTensors(device, subject, fill)) {
      right.run();
      double seconds = Timing.few(ours);
      long differences = differences(right, ours);
      double copySeconds;
      try (Work copy = PlainCopy.of(device, ours.bytes())) {
        copySeconds = Timing.few(copy);
      }
      Tensor shown = ours.get(backward ? Role.GRAD_INPUT : Role.OUTPUT);
      return new Trial(
          operator,
          direction,
          shown.shape(),
          picture(shown),
          ours.implementation(),
          seconds,
          ours.bytes(),
          copySeconds,
          differences);
    }
  }

  /** Several regions of interest lie side by side. */
  private static Picture picture(Tensor shown) {
    Shape shape = shown.shape();
    if (shown.type().isByte()) {
      return Picture.ofBytes(shape.w(), shape.h(), shown.toBytes());
    }
    return shape.n() == 1
        ? Stack.picture(shape, shown.toFloats())
        : Crops.grid(shape, shown.toFloats());
  }

  /** The picture is pooled, or has been; what came out of it, or its like, goes back. */
  private static boolean draw(Role role, Tensor tensor, Picture picture, Picture given) {
    if (tensor.type().isByte()) {
      tensor.write(ByteBuffer.wrap(picture.toBytes()));
      return true;
    } else if (role == Role.ROIS) {
      tensor.write(FloatBuffer.wrap(Crops.rois(picture)));
      return true;
    } else if (role == Role.GRAD_OUTPUT && tensor.shape().n() > 1) {
      tensor.write(FloatBuffer.wrap(Crops.planes(tensor.shape(), given)));
      return true;
    }
    if (role != Role.INPUT && role != Role.GRAD_OUTPUT && role != Role.LOGITS) {
      return false;
    }
    float[] planes =
        role == Role.GRAD_OUTPUT ? Stack.planes(tensor.shape(), given) : picture.planes().clone();
    for (int i = 0; role == Role.LOGITS && i < planes.length; i++) {
      planes[i] *= GREATEST_LOGIT;
    }
    tensor.write(FloatBuffer.wrap(planes));
    return true;
  }

  /** How many elements of all results differ in their bits, any NaN alike. */
  private static long differences(CallTensors right, CallTensors ours) {
    long differences = 0;
    for (Map.Entry<Role, Tensor> entry : ours.tensors().entrySet()) {
      Tensor expected = right.get(entry.getKey());
      Tensor found = entry.getValue();
      differences +=
          found.type() == DataType.INT32
              ? differences(expected.toInts(), found.toInts())
              : differences(bits(expected), bits(found));
    }
    return differences;
  }

  private static int[] bits(Tensor tensor) {
    float[] floats = tensor.toFloats();
    int[] bits = new int[floats.length];
    Arrays.setAll(bits, i -> Float.floatToIntBits(floats[i]));
    return bits;
  }

  private static long differences(int[] right, int... found) {
    return IntStream.range(0, right.length).filter(i -> right[i] != found[i]).count();
  }
}
