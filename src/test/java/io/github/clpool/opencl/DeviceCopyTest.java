package io.github.clpool.opencl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.clpool.Pooling;
import io.github.clpool.TestDevices;
import io.github.clpool.opencl.runtime.DeviceCopy;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceCopyTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 9, 16 * 1024, 16 * 1024 + 5, 100_003})
  void copiesEveryElement(int count) {
    assumeFalse(TestDevices.openCl().isEmpty(), "no OpenCL device in this run");
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = i;
    }
    float[] poison = new float[count];
    Arrays.fill(poison, -1);
    try (Pooling pooling = TestDevices.open(TestDevices.openCl());
        Tensor from = pooling.tensor(Shape.of(1, 1, count), values);
        Tensor to = pooling.tensor(Shape.of(1, 1, count), poison);
        Tensor other = pooling.tensor(Shape.of(1, 1, count + 1), new float[count + 1]);
        DeviceCopy copy = DeviceCopy.prepare(from, to)) {
      copy.run();
      assertArrayEquals(values, to.toFloats());
      assertThrows(IllegalArgumentException.class, () -> DeviceCopy.prepare(from, from));
      assertThrows(IllegalArgumentException.class, () -> DeviceCopy.prepare(from, other));
    }
  }
}
