package io.github.clpool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Regions;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Maxima of 8-bit integers against ONNX Runtime. */
class MaxPoolOnnxRuntimeTest {
  private static final long SEED = 41;
  private static final int CASES = 200;

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final SplittableRandom random = new SplittableRandom(SEED);

  private int[] draw(int axes, int least, int most) {
    int[] drawn = new int[axes];
    Arrays.setAll(drawn, axis -> random.nextInt(least, most + 1));
    return drawn;
  }

  private static long[] longs(int... ints) {
    return Arrays.stream(ints).asLongStream().toArray();
  }

  private byte[] run(OnnxModel model, OnnxJavaType type, Shape shape, byte... x)
      throws OrtException {
    try (OrtSession session = environment.createSession(model.bytes());
        OnnxTensor input =
            OnnxTensor.createTensor(environment, ByteBuffer.wrap(x), shape.sizes(), type);
        OrtSession.Result result = session.run(Map.of("x", input))) {
      ByteBuffer y = ((OnnxTensor) result.get(0)).getByteBuffer();
      byte[] bytes = new byte[y.remaining()];
      y.get(bytes);
      return bytes;
    }
  }

  @ParameterizedTest
  @MethodSource("io.github.clpool.TestDevices#all")
  void maximaOfBytesAreThoseOfMaxPool(String device) throws OrtException {
    try (Pooling pooling = TestDevices.open(device)) {
      assumeTrue(pooling.refusal(DataType.UINT8).isEmpty());
      for (int i = 0; i < TestDevices.cases(device, CASES); i++) {
        boolean unsigned = random.nextBoolean();
        int axes = random.nextInt(1, 4);
        int[] kernel = draw(axes, 1, 4);
        int[] stride = draw(axes, 1, 3);
        int[] dilation = draw(axes, 1, 2);
        int[] padding = new int[axes];
        int[] sizes = new int[axes];
        for (int axis = 0; axis < axes; axis++) {
          padding[axis] = random.nextInt(kernel[axis] / 2 + 1);
          sizes[axis] = (kernel[axis] - 1) * dilation[axis] + random.nextInt(1, 9);
        }
        Shape shape = Shape.of(random.nextInt(1, 3), random.nextInt(1, 4), sizes);
        byte[] x = new byte[(int) shape.elements()];
        for (int j = 0; j < x.length; j++) {
          x[j] = (byte) random.nextInt(256);
        }
        OnnxModel.Type element = unsigned ? OnnxModel.Type.UINT8 : OnnxModel.Type.INT8;
        OnnxModel model =
            new OnnxModel("MaxPool", 12)
                .input("x", element, axes + 2)
                .output("y", element, axes + 2)
                .attribute("kernel_shape", longs(kernel))
                .attribute("strides", longs(stride))
                .attribute("dilations", longs(dilation))
                .attribute(
                    "pads",
                    LongStream.concat(Arrays.stream(longs(padding)), Arrays.stream(longs(padding)))
                        .toArray());
        byte[] theirs = run(model, unsigned ? OnnxJavaType.UINT8 : OnnxJavaType.INT8, shape, x);
        Operator operator =
            Pool.max()
                .over(Regions.window(kernel).stride(stride).dilation(dilation).padding(padding));
        DataType type = unsigned ? DataType.UINT8 : DataType.INT8;
        try (Tensor input = pooling.tensor(shape, type, x);
            Tensor y = pooling.run(operator, input)) {
          assertArrayEquals(
              theirs, y.toBytes(), operator + " of " + input + ", case " + i + ", seed " + SEED);
        }
      }
    }
  }
}
