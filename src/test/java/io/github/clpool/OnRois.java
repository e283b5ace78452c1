package io.github.clpool;

import io.github.clpool.op.Inputs;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Operators;
import io.github.clpool.op.Roi;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Small calls of operators on regions of interest, given as (batch index, x1, y1, x2, y2). */
abstract class OnRois extends OnEveryDevice {
  OnRois(String device) {
    super(device);
  }

  /** 0, 1, 2, ... in one plane of 4 x 6 cells. */
  static final Shape PICTURE = Shape.of(1, 1, 4, 6);

  static final double[] ASCENDING = IntStream.range(0, 24).asDoubleStream().toArray();

  static double[] rois(double... numbers) {
    return numbers;
  }

  static Tensor roisTensor(DataType type, double... rois) {
    DataType wide = type.computingType();
    return tensor(Shape.array(rois.length / Roi.NUMBERS, Roi.NUMBERS), wide, rois);
  }

  static Forward pool(DataType type, String operator, Shape shape, double[] x, double... rois) {
    Operator parsed = Operators.parse(operator);
    try (Tensor tensor = tensor(shape, type, x);
        Tensor boxes = roisTensor(type, rois);
        Pass pass = pooling().forward(parsed, Inputs.of(tensor).rois(boxes))) {
      return new Forward(
          pass.output().toDoubles(), parsed.hasIndices() ? pass.indices().toInts() : null);
    }
  }

  static double[] pool(String operator, double... rois) {
    return pool(DataType.FLOAT32, operator, PICTURE, ASCENDING, rois).output();
  }

  static double[] back(
      DataType type, String operator, Shape shape, double[] x, double[] rois, double... g) {
    try (Tensor tensor = tensor(shape, type, x);
        Tensor boxes = roisTensor(type, rois);
        Pass pass = pooling().forward(Operators.parse(operator), Inputs.of(tensor).rois(boxes));
        Tensor gradient = tensor(pass.output().shape(), type, g);
        Tensor dx = pass.backward(gradient)) {
      return dx.toDoubles();
    }
  }

  static double[] back(String operator, double[] rois, double... g) {
    return back(DataType.FLOAT32, operator, PICTURE, ASCENDING, rois, g);
  }

  /** A plane of 4 x 6 zeros but for pairs of a cell and its number. */
  static double[] only(double... pairs) {
    double[] plane = new double[24];
    for (int i = 0; i < pairs.length; i += 2) {
      plane[(int) pairs[i]] = pairs[i + 1];
    }
    return plane;
  }

  /** Numbers that are no two the same, far enough apart for small steps. */
  static double[] numbers(SplittableRandom random, int count) {
    double[] numbers = new double[count];
    Arrays.setAll(numbers, i -> Math.round(random.nextDouble(-2, 2) * 1e3) / 1e3 + i * 1e-5);
    return numbers;
  }

  /** Boxes on planes of some size: inside, partly outside, reversed. */
  static double[] boxes(SplittableRandom random, int count, Shape shape) {
    double[] boxes = new double[count * Roi.NUMBERS];
    for (int k = 0; k < count; k++) {
      boxes[k * Roi.NUMBERS] = random.nextInt((int) shape.n());
      for (int i = 1; i < Roi.NUMBERS; i++) {
        int size = i % 2 == 1 ? shape.w() : shape.h();
        boxes[k * Roi.NUMBERS + i] = (float) random.nextDouble(-0.3 * size, 1.3 * size);
      }
    }
    return boxes;
  }

  /** Output and gradient by the reference. */
  static double[][] onReference(
      String operator, Shape shape, double[] x, double[] rois, double... g) {
    Operator parsed = Operators.parse(operator);
    try (Pooling reference = Pooling.open(DevicePolicy.REFERENCE);
        Tensor tensor = reference.tensor(shape, floats(x));
        Tensor boxes = reference.tensor(Shape.array(rois.length / 5, 5), floats(rois));
        Pass pass = reference.forward(parsed, Inputs.of(tensor).rois(boxes));
        Tensor gradient = reference.tensor(pass.output().shape(), floats(g));
        Tensor dx = pass.backward(gradient)) {
      return new double[][] {pass.output().toDoubles(), dx.toDoubles()};
    }
  }

  private static float[] floats(double... numbers) {
    float[] floats = new float[numbers.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) numbers[i];
    }
    return floats;
  }
}
