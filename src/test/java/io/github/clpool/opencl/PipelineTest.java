package io.github.clpool.opencl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.Pass;
import io.github.clpool.Pooling;
import io.github.clpool.op.Inputs;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Operators;
import io.github.clpool.opencl.device.OpenClDevice;
import io.github.clpool.tensor.Handles;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jocl.CL;
import org.jocl.cl_context;
import org.jocl.cl_device_id;
import org.junit.jupiter.api.Test;

/**
 * A small detector, forward and backward, whose convolutions are products of matrices by JOCLBlast,
 * and whose activations are another program's kernels, on another queue. Everything is enqueued
 * before anything runs, so nothing can come to the host in between ({@link FaultsTest} counts it,
 * too); the bits are those of the same steps in Java.
 *
 * <p>JOCLBlast sums in an order of its own, and a device may fuse its products with its sums: on
 * PoCL it does, on llvmpipe not. So pictures, weights and the gradient that is multiplied by them
 * are multiples of small powers of two, whose products and sums nothing rounds.
 */
class PipelineTest {
  private static final long SEED = 20261128;
  private static final Shape IMAGES = Shape.of(2, 2, 8, 8);
  private static final Shape FEATURES = Shape.of(2, 4, 8, 8);
  private static final Shape HEAD = Shape.of(2, 3, 4, 4);
  private static final Shape FIRST = Shape.array(4, 2 * 9); // weights
  private static final Shape SECOND = Shape.array(3, 4 * 9);
  private static final Shape BOXES = Shape.array(3, 5);
  private static final Shape PER_BOX = Shape.of(3, 3, 1, 1);
  private static final Shape CLASSES = Shape.of(3, 1, 1, 3); // the same in memory

  private static final Operator MAX = Operators.parse("max window=2");
  private static final Operator ALIGN =
      Operators.parse("roi_align output=4 samplingRatio=2 aligned");
  private static final Operator SOFT = Operators.parse("soft window=2");
  private static final Operator MEAN = Operators.parse("avg global");
  private static final Operator LOG_SUM_EXP = Operators.parse("log_sum_exp global");

  /** The gradient of a logarithm of a sum of exponentials is a softmax. */
  record Result(float[] probabilities, float[] gradient) {}

  /** The steps on one side; what it makes is closed with the side. */
  static Result run(PipelineSide side) {
    Pooling pooling = side.pooling();
    Random random = new Random(SEED);
    Tensor images = side.keep(numbers(pooling, random, IMAGES));
    Tensor first = side.keep(numbers(pooling, random, FIRST));
    Tensor second = side.keep(numbers(pooling, random, SECOND));
    Tensor corners = side.keep(numbers(pooling, random, BOXES));
    Tensor targets = side.keep(pooling.tensor(CLASSES, 1, 0, 0, 0, 0, 1, 0, 1, 0));
    Tensor ones = side.keep(pooling.tensor(Shape.of(3, 1, 1, 1), 1, 1, 1));
    side.begin();

    Tensor features = convolution(side, FEATURES, images, first);
    Tensor active = side.kernel("relu", FEATURES, features);
    Pass pooled = side.pool(() -> pooling.forward(MAX, active));
    Tensor head = convolution(side, HEAD, pooled.output(), second);
    Tensor boxes = side.kernel("boxes", BOXES, corners);
    Pass aligned = side.pool(() -> pooling.forward(ALIGN, Inputs.of(head).rois(boxes)));
    Pass soft = side.pool(() -> pooling.forward(SOFT, aligned.output()));
    Pass mean = side.pool(() -> pooling.forward(MEAN, soft.output()));
    Tensor scores = side.kernel("copy", CLASSES, mean.output());
    Pass sum = side.pool(() -> pooling.forward(LOG_SUM_EXP, scores));
    Tensor probabilities = side.pool(() -> sum.backward(ones));

    Tensor loss = side.kernel("minus", PER_BOX, probabilities, targets);
    Tensor ofSoft = side.pool(() -> mean.backward(loss));
    Tensor ofAligned = side.pool(() -> soft.backward(ofSoft));
    Tensor ofHead = side.pool(() -> aligned.backward(ofAligned));
    Tensor rounded = side.kernel("round_gradient", HEAD, ofHead);
    Shape columns = columns(pooled.output().shape());
    Tensor ofColumns = side.kernel("multiply_flipped", columns, rounded, second);
    Tensor ofPooled = side.kernel("cells", pooled.output().shape(), ofColumns);
    Tensor ofActive = side.pool(() -> pooled.backward(ofPooled));
    Tensor ofFeatures = side.kernel("relu_gradient", FEATURES, features, ofActive);

    side.end();
    return new Result(probabilities.toFloats(), ofFeatures.toFloats());
  }

  private static Tensor convolution(PipelineSide side, Shape result, Tensor x, Tensor weights) {
    Tensor columns = side.kernel("columns", columns(x.shape()), x);
    return side.kernel("multiply", result, columns, weights);
  }

  /** For each plane one for each tap of 3x3. */
  private static Shape columns(Shape shape) {
    return Shape.of(shape.n(), 9 * shape.c(), shape.h(), shape.w());
  }

  /** Multiples of 1/16 below a half. */
  private static Tensor numbers(Pooling pooling, Random random, Shape shape) {
    float[] numbers = new float[(int) shape.elements()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (random.nextInt(16) - 8) / 16f;
    }
    return pooling.tensor(shape, numbers);
  }

  @Test
  void aDetectorNeverComesBackToTheHost() {
    OpenClDevice device = TestDevice.get();
    long live = Handles.live();
    Result expected;
    try (PipelineSide java = new PipelineInJava()) {
      expected = run(java);
    }
    cl_context context =
        CL.clCreateContext(null, 1, new cl_device_id[] {device.id()}, null, null, null);
    Result found;
    try (PipelineSide onDevice = new PipelineOnDevice(device, context, () -> 0)) {
      found = run(onDevice);
    }
    assertArrayEquals(expected.probabilities(), found.probabilities(), "seed " + SEED);
    assertArrayEquals(expected.gradient(), found.gradient(), "seed " + SEED);
    float[] row = expected.probabilities();
    assertEquals(1, row[0] + row[1] + row[2], 1e-6);
    assertTrue(different(expected.gradient()) > 20, "the gradient says little");
    assertEquals(live, Handles.live());
    assertEquals(CL.CL_SUCCESS, CL.clReleaseContext(context));
  }

  private static long different(float... numbers) {
    List<Float> list = new ArrayList<>();
    for (float number : numbers) {
      list.add(number);
    }
    return list.stream().distinct().count();
  }
}
