package io.github.clpool.opencl;

import io.github.clpool.Pass;
import io.github.clpool.Pooling;
import io.github.clpool.TestDevices;
import io.github.clpool.op.Inputs;
import io.github.clpool.op.Operators;
import io.github.clpool.op.RandomKey;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;

/** What {@link ThreadsTest} starts in a JVM of its own, with some number of threads. */
public final class ThreadsProgram {
  /** Large enough to be divided among threads. */
  private static final Shape SHAPE = Shape.of(3, 7, 48, 64);

  private static final List<String> OPERATORS =
      List.of(
          "stochastic window=2",
          "stochastic window=3 stride=2 padding=1",
          "stochastic expected window=3 stride=2",
          "max window=3 stride=2 padding=1",
          "max fractional=2 outputRatio=0.6",
          "avg fractional=3 outputRatio=0.5",
          "max sampled=2 grid=8",
          "s3_pool grid=8 window=2 inference",
          "mix random window=2");

  private ThreadsProgram() {}

  /** Prints how many threads the named device has, then a line for each operator. */
  public static void main(String[] args) {
    System.out.println("threads " + threads(args[0]));
    digests(args[0]).forEach(System.out::println);
  }

  static int threads(String device) {
    return device.equals("jvm")
        ? ForkJoinPool.getCommonPoolParallelism() + 1
        : TestDevice.open().profile().computeUnits();
  }

  /** Each operator with hashes of its output, its gradient, and of what is unpooled. */
  static List<String> digests(String device) {
    List<String> lines = new ArrayList<>();
    try (Pooling pooling = TestDevices.open(device);
        Tensor x = pooling.tensor(SHAPE, random(1, SHAPE))) {
      for (String text : OPERATORS) {
        Inputs inputs = Inputs.of(x).key(RandomKey.of(3));
        try (Pass pass = pooling.forward(Operators.parse(text), inputs);
            Tensor g = pooling.tensor(pass.output().shape(), random(2, pass.output().shape()));
            Tensor dx = pass.backward(g)) {
          String line = text + " " + hash(pass.output()) + " " + hash(dx);
          if (pass.operator().hasIndices()) {
            line += " " + Arrays.hashCode(pass.indices().toInts());
            try (Pass unpooled = pass.unpool(g);
                Tensor back = unpooled.backward(x)) {
              line += " " + hash(unpooled.output()) + " " + hash(back);
            }
          }
          lines.add(line);
        }
      }
    }
    return lines;
  }

  private static float[] random(long seed, Shape shape) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] numbers = new float[(int) shape.elements()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) random.nextDouble(-1, 2);
    }
    return numbers;
  }

  private static int hash(Tensor tensor) {
    return Arrays.hashCode(tensor.toFloats());
  }
}
