package io.github.clpool.parity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Nightly;
import io.github.clpool.Pooling;
import io.github.clpool.PreparedPooling;
import io.github.clpool.TestDevices;
import io.github.clpool.backend.Preference;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Regions;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Half;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ShortBuffer;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls whose results are so large that some devices store them past their caches. */
class LargeCallsTest {
  private static final List<String> CASES =
      List.of(
          "max window=2 on 1x34x512x256 data=special",
          "avg window=3 stride=1 padding=1 on 1x33x256x256",
          "max window=2 on 1x33x256x256 backward",
          "avg window=2 on 1x33x256x256 backward",
          "max window=3 stride=1 padding=1 on 1x32x257x256 NHWC data=special",
          "avg window=3 stride=2 padding=1 on 1x16x512x512 FLOAT64 NHWC",
          "avg window=2 on 1x32x256x257 NHWC backward",
          "max_unpool window=2 on 1x33x128x128",
          "max_unpool window=2 on 1x33x128x128 data=special",
          "max_unpool window=3 on 1x33x85x85",
          "max_unpool window=2 stride=4 on 1x33x4x32x32 FLOAT64",
          "max_unpool output=255 on 1x37x128x128",
          "max_unpool output=20000 on 3x37x1000",
          "max_unpool output=63x62x61 on 1x10x16x31x30",
          "max_unpool window=3 stride=2 padding=1 on 1x37x128x128 data=integers",
          "max_unpool window=2 distinct on 1x33x64x128 FLOAT64");

  /** The larger work-group has more work-items than there is to do. */
  private static final List<Preference> WISHES =
      List.of(Preference.NONE, Preference.NONE.withWorkGroupSize(4096));

  /** Simulators, on which these would take long, have no such stores. */
  private static List<String> devices() {
    return TestDevices.isSimulator() ? List.of("jvm") : TestDevices.others();
  }

  @ParameterizedTest
  @MethodSource("devices")
  void largeResultsAreThoseOfTheReference(String name) {
    try (Pooling reference = Pooling.open(DevicePolicy.REFERENCE);
        Pooling device = TestDevices.open(name)) {
      for (String text : CASES) {
        Case call = Case.parse(text);
        if (device.refusal(call.type()).isEmpty()) {
          for (Preference wish : WISHES) {
            Outcome outcome = Parity.check(call, reference, device, wish);
            assertTrue(outcome.matches(), outcome::toString);
          }
        }
      }
    }
  }

  /**
   * At night more elements than an int counts, or as many as a buffer has: what lies far behind is
   * pooled, and gets its gradient.
   */
  @Test
  void elementsFarBehindArePooled() {
    Assumptions.assumeFalse(TestDevices.openCl().isEmpty(), "arrays are not so long");
    Assumptions.assumeFalse(TestDevices.isSimulator(), "a simulator is slow");
    Regions window = Regions.window(16);
    try (Pooling device = TestDevices.open(TestDevices.openCl())) {
      long most = device.device().maxAllocation() / Short.BYTES;
      int side = Nightly.cases(64, 1024);
      long channels = Math.min(Nightly.cases(33, 2080), most / side / side);
      Shape shape = Shape.of(1, channels, side, side);
      long[] places = {5, shape.elements() / 2 - 1, Math.min(1L << 31, shape.elements() - 1)};
      System.out.println(shape.elements() + " elements on " + device.selection().device());
      short[] pooled = new short[(int) (shape.elements() / 256)];
      for (int i = 0; i < places.length; i++) {
        pooled[output(places[i], side)] = Half.fromFloat(256 * (i + 1));
      }
      try (Tensor x = device.empty(shape, Layout.NCHW, DataType.FLOAT16)) {
        clear(x, ShortBuffer.allocate(1 << 20));
        for (int i = 0; i < places.length; i++) {
          x.write(places[i], ShortBuffer.wrap(new short[] {Half.fromFloat(256 * (i + 1))}));
        }
        try (Tensor y = device.run(Pool.max().over(window), x)) {
          short[] found = new short[pooled.length];
          y.read(ShortBuffer.wrap(found));
          assertArrayEquals(pooled, found);
        }
      }
      PreparedPooling gradient =
          device.prepare(Pool.avg().over(window), shape, Layout.NCHW, DataType.FLOAT16).backward();
      try (Tensor g = gradient.empty(Role.GRAD_OUTPUT);
          Tensor dx = gradient.empty(Role.GRAD_INPUT)) {
        g.write(ShortBuffer.wrap(pooled));
        gradient.run(g, dx);
        for (int i = 0; i < places.length; i++) {
          ShortBuffer found = ShortBuffer.allocate(1);
          dx.read(places[i], found);
          assertEquals(i + 1, Half.toFloat(found.get(0)));
        }
      }
    }
  }

  private static int output(long place, int side) {
    long plane = place / side / side;
    long row = place / side % side / 16;
    return (int) ((plane * (side / 16) + row) * (side / 16) + place % side / 16);
  }

  /** At night more bytes than an int counts, where devices have bytes. */
  @ParameterizedTest
  @EnumSource(Layout.class)
  void bytesFarBehindArePooled(Layout layout) {
    Assumptions.assumeFalse(TestDevices.openCl().isEmpty(), "arrays are not so long");
    Assumptions.assumeFalse(TestDevices.isSimulator(), "a simulator is slow");
    try (Pooling device = TestDevices.open(TestDevices.openCl())) {
      Assumptions.assumeTrue(device.refusal(DataType.UINT8).isEmpty(), "it has no bytes");
      int side = Nightly.cases(64, 1024);
      Pool max = Pool.max().over(Regions.window(16));
      Shape shape = Shape.of(Nightly.cases(2, 130), 16, side, side);
      Shape pooled = max.outputShape(shape);
      System.out.println(shape.elements() + " bytes on " + device.selection().device());
      byte[] wanted = new byte[(int) pooled.elements()];
      try (Tensor x = device.empty(shape, layout, DataType.UINT8)) {
        clear(x, ByteBuffer.allocate(1 << 20));
        for (int n : new int[] {0, (int) shape.n() / 2, (int) shape.n() - 1}) {
          byte number = (byte) (n + 1);
          x.write(place(shape, layout, n, side - 1), ByteBuffer.wrap(new byte[] {number}));
          wanted[(int) place(pooled, layout, n, side / 16 - 1)] = number;
        }
        try (Tensor y = device.run(max, x)) {
          byte[] found = new byte[wanted.length];
          y.read(ByteBuffer.wrap(found));
          assertArrayEquals(wanted, found);
        }
      }
    }
  }

  /** Where a cell of the last channel is, in the first column. */
  private static long place(Shape shape, Layout layout, long n, long row) {
    long channel = shape.c() - 1;
    return layout == Layout.NCHW
        ? ((n * shape.c() + channel) * shape.h() + row) * shape.w()
        : (n * shape.h() + row) * shape.w() * shape.c() + channel;
  }

  private static void clear(Tensor tensor, Buffer zeros) {
    for (long at = 0; at < tensor.shape().elements(); at += zeros.capacity()) {
      zeros.limit((int) Math.min(zeros.capacity(), tensor.shape().elements() - at));
      tensor.write(at, zeros.rewind());
    }
  }
}
