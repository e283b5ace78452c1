package io.github.clpool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.clpool.op.Inputs;
import io.github.clpool.op.MaxUnpool;
import io.github.clpool.op.Operators;
import io.github.clpool.op.Pool;
import io.github.clpool.op.RandomKey;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pools, and unpools the pass without a word about its regions. */
class UnpoolRoundTripTest extends OnEveryDevice {
  private static final RandomKey KEY = RandomKey.of(77);

  UnpoolRoundTripTest(String device) {
    super(device);
  }

  /** FLOAT32 and another, since each takes kernels of its own. */
  private static List<DataType> types(String text) {
    List<DataType> others = List.of(DataType.FLOAT64, DataType.FLOAT16, DataType.BFLOAT16);
    DataType other = others.get(Math.floorMod(text.hashCode(), others.size()));
    boolean both = !TestDevices.isSimulator() && pooling().refusal(other).isEmpty();
    return both ? List.of(DataType.FLOAT32, other) : List.of(DataType.FLOAT32);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "max window=2 on 2x3x8x6",
        "max window=2 on 2x3x9x7",
        "max window=2 on [3x8x6]",
        "max window=3 stride=2 on 2x3x17",
        "max window=3 stride=2 padding=1 on 1x2x11x13",
        "max window=3 stride=2 padding=1 ceilMode on 1x2x10x12",
        "max window=3 stride=2 dilation=2 on 1x2x11x13",
        "max window=2 stride=1 dilation=4 padding=3 widePadding on 1x2x2", // two regions are empty
        "max window=3x2 stride=2 same on 1x2x9x8",
        "max window=3 stride=2 padding=1 on 1x2x5x6x7",
        "min window=2x3x2 stride=2 on 1x2x5x7x6",
        "max adaptive=3x5 on 1x2x10x11",
        "max adaptive=9x7 on 1x2x5x4", // each cell feeds several outputs
        "max global on 2x3x17",
        "max fractional=2 outputRatio=0.7 on 2x3x17",
        "max fractional=3 outputSize=13 on 2x3x17",
        "max fractional=2 outputRatio=0.7 on 2x3x11x13",
        "max fractional=3 outputSize=9 on 1x2x11x12",
        "max fractional=2 outputRatio=0.6 on 2x2x5x6x7",
        "max fractional=2 outputSize=4x5x6 on 1x2x5x6x7",
        "max sampled=2 grid=4 on 2x2x8x12",
        "s3_pool grid=4 window=2 on 2x2x16",
        "s3_pool grid=2 window=2 on 1x2x4x6x4",
        "stochastic window=3 stride=2 padding=1 on 1x2x11x13",
        "stochastic fractional=2 outputRatio=0.7 on 1x2x11x13"
      })
  void everySelectedValueReturnsToItsPlace(String text) {
    String[] parts = text.split(" on ");
    Pool pool = (Pool) Operators.parse(parts[0]);
    Shape shape = Shape.parse(parts[1]);
    for (DataType type : types(text)) {
      for (Layout layout : Layout.values()) {
        for (long seed = 0; seed < 3; seed++) {
          check(pool, shape, layout, type, seed);
        }
      }
    }
  }

  private static void check(Pool pool, Shape shape, Layout layout, DataType type, long seed) {
    String what = pool + " of " + type + " " + layout + ", seed " + seed;
    // integers that all types have; never 0, which is what is nowhere put
    double[] x =
        new SplittableRandom(seed).ints(shape.elements(), 1, 200).asDoubleStream().toArray();
    try (Tensor tensor = tensor(pooling(), shape, layout, type, x);
        Pass pooled = pooling().forward(pool, Inputs.of(tensor).key(KEY));
        Pass unpooled = pooled.unpool(pooled.output());
        Tensor back = unpooled.backward(tensor)) {
      double[] outputs = logical(pooled.output());
      double[] indices = logical(pooled.indices());
      double[] put = new double[x.length];
      int[] winners = new int[x.length];
      int perPlane = pooled.output().shape().planeSize();
      for (int i = 0; i < outputs.length; i++) {
        if (indices[i] >= 0) {
          int cell = i / perPlane * shape.planeSize() + (int) indices[i];
          assertEquals(x[cell], outputs[i], what);
          put[cell] = outputs[i];
          winners[cell] = i; // the last of equal ones
        }
      }
      assertEquals(shape, unpooled.output().shape());
      assertArrayEquals(put, logical(unpooled.output()), what);
      double[] fetched = new double[outputs.length];
      for (int cell = 0; cell < put.length; cell++) {
        if (put[cell] != 0) {
          fetched[winners[cell]] = x[cell];
        }
      }
      assertArrayEquals(fetched, logical(back), what + " gradient");
      assertEquals(
          pool.geometry(shape).isDisjoint(), ((MaxUnpool) unpooled.operator()).distinctPositions());
    }
  }

  @Test
  void whatSelectsNoCellsCannotBeUnpooled() {
    for (String text : List.of("avg window=2", "s3_pool grid=2 window=2 inference")) {
      try (Tensor x = pooling().tensor(Shape.of(1, 1, 2, 2), new float[4]);
          Pass pass = pooling().forward(Operators.parse(text), x)) {
        assertEquals(
            text + " selects no cells, so it has no indices",
            assertThrows(IllegalStateException.class, () -> pass.unpool(pass.output()))
                .getMessage());
      }
    }
  }
}
