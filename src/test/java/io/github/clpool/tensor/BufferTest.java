package io.github.clpool.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.clpool.Pooling;
import io.github.clpool.TestDevices;
import java.io.IOException;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Buffers that do not fit are refused before anything looks into them, on every device. */
class BufferTest {
  private static final Shape SHAPE = Shape.of(1, 2, 3);
  private static final float[] VALUES = {1, 2, 3, 4, 5, 6};
  private static final ByteOrder FOREIGN =
      ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
          ? ByteOrder.BIG_ENDIAN
          : ByteOrder.LITTLE_ENDIAN;

  @TempDir Path folder;

  static List<String> devices() {
    return TestDevices.all();
  }

  private static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }

  private static void assertRefused(String text, Executable action) {
    assertEquals(text, assertThrows(IllegalArgumentException.class, action).getMessage());
  }

  @ParameterizedTest
  @MethodSource("devices")
  void nothingReadOnlyIsWritten(String device) throws IOException {
    Path file = Files.write(folder.resolve("page"), new byte[24]);
    try (Pooling pooling = TestDevices.open(device);
        FileChannel channel = FileChannel.open(file);
        Tensor tensor = pooling.tensor(SHAPE, VALUES)) {
      FloatBuffer original = direct(24).asFloatBuffer();
      FloatBuffer mapping =
          channel
              .map(FileChannel.MapMode.READ_ONLY, 0, 24)
              .order(ByteOrder.nativeOrder())
              .asFloatBuffer();
      for (FloatBuffer target :
          List.of(
              original.asReadOnlyBuffer(),
              FloatBuffer.allocate(6).asReadOnlyBuffer(),
              ByteBuffer.allocate(24).order(ByteOrder.nativeOrder()).asFloatBuffer(),
              mapping)) {
        Executable whole = () -> tensor.read(target);
        Executable part = () -> tensor.read(0, target);
        Executable straight = () -> tensor.storage().read(0, target);
        if (target.isReadOnly()) {
          for (Executable read : List.of(whole, part, straight)) {
            assertRefused("target is read-only, but must be writable", read);
          }
          assertEquals(0, target.position());
          tensor.write(target.duplicate()); // reading from one is fine
          assertArrayEquals(new float[6], tensor.toFloats());
          tensor.write(FloatBuffer.wrap(VALUES));
        } else {
          tensor.read(target);
          assertEquals(6, target.get(5));
        }
      }
      for (int i = 0; i < 6; i++) {
        assertEquals(0, original.get(i));
      }
    }
    assertArrayEquals(new byte[24], Files.readAllBytes(file));
  }

  @ParameterizedTest
  @MethodSource("devices")
  void storagesCheckTheirBuffersThemselves(String device) {
    try (Pooling pooling = TestDevices.open(device);
        Tensor tensor = pooling.tensor(SHAPE, VALUES)) {
      Storage storage = tensor.storage();
      for (Buffer wrong :
          List.of(
              ShortBuffer.allocate(6),
              IntBuffer.allocate(6),
              LongBuffer.allocate(6),
              DoubleBuffer.allocate(6),
              ByteBuffer.allocate(24),
              direct(24),
              direct(24).asIntBuffer())) {
        String text =
            "%s is a " + wrong.getClass().getSimpleName() + ", but the tensor holds FLOAT32";
        assertRefused(text.formatted("target"), () -> storage.read(0, wrong));
        assertRefused(text.formatted("source"), () -> storage.write(0, wrong));
      }
      FloatBuffer reversed = ByteBuffer.allocateDirect(24).order(FOREIGN).asFloatBuffer();
      assertThrows(IllegalArgumentException.class, () -> storage.read(0, reversed));
      assertThrows(IllegalArgumentException.class, () -> storage.write(0, reversed));
      assertRefused("target is null, but must be given", () -> storage.read(0, null));
      assertRefused("source is null, but must be given", () -> storage.write(0, null));
      for (FloatBuffer large : List.of(FloatBuffer.allocate(5), direct(20).asFloatBuffer())) {
        String text = "%s has 5 elements remaining, but the tensor has 4 from element 2 on";
        assertRefused(text.formatted("target"), () -> storage.read(2, large));
        assertRefused(text.formatted("source"), () -> storage.write(2, large));
        for (long first : new long[] {-1, 7, Long.MAX_VALUE, Long.MIN_VALUE}) {
          String rule = "first is " + first + ", but must be from 0 to 6, the number of elements";
          assertRefused(rule, () -> storage.read(first, large));
          assertRefused(rule, () -> storage.write(first, large));
        }
      }
      assertArrayEquals(VALUES, tensor.toFloats());
    }
  }

  /** Arenas are newer than what the tests are compiled for. */
  private static AutoCloseable arena() throws ReflectiveOperationException {
    Assumptions.assumeTrue(Runtime.version().feature() >= 22, "this JDK has no arenas");
    Class<?> arena = Class.forName("java.lang.foreign.Arena");
    return (AutoCloseable) arena.getMethod("ofShared").invoke(null);
  }

  private static FloatBuffer allocate(AutoCloseable arena) throws ReflectiveOperationException {
    Object segment =
        Class.forName("java.lang.foreign.Arena")
            .getMethod("allocate", long.class, long.class)
            .invoke(arena, 24, Float.BYTES);
    Object bytes =
        Class.forName("java.lang.foreign.MemorySegment").getMethod("asByteBuffer").invoke(segment);
    return ((ByteBuffer) bytes).order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  @ParameterizedTest
  @MethodSource("devices")
  void memoryOfAnArenaIsUsedOnlyWhileItIsOpen(String device) throws Exception {
    AutoCloseable arena = arena();
    FloatBuffer buffer = allocate(arena);
    try (Pooling pooling = TestDevices.open(device);
        Tensor tensor = pooling.tensor(SHAPE, VALUES)) {
      tensor.read(buffer.duplicate());
      assertEquals(6, buffer.get(5));
      buffer.put(5, 7);
      tensor.write(buffer.duplicate());
      assertEquals(7, tensor.toFloats()[5]);
      arena.close();
      assertThrows(IllegalStateException.class, () -> tensor.read(buffer.duplicate()));
      assertThrows(IllegalStateException.class, () -> tensor.write(buffer.duplicate()));
      assertEquals(7, tensor.toFloats()[5]);
    }
  }

  @ParameterizedTest
  @MethodSource("devices")
  void partsTravelAlone(String device) {
    try (Pooling pooling = TestDevices.open(device);
        Tensor tensor = pooling.tensor(SHAPE, VALUES);
        Tensor halves = pooling.empty(SHAPE, Layout.NHWC, DataType.FLOAT16)) {
      for (FloatBuffer buffer : List.of(FloatBuffer.allocate(5), direct(20).asFloatBuffer())) {
        buffer.put(new float[] {9, -1, -2, 9, 9}).position(1).limit(3);
        tensor.write(3, buffer);
        assertEquals(3, buffer.position());
        assertArrayEquals(new float[] {1, 2, 3, -1, -2, 6}, tensor.toFloats());
        buffer.clear().position(2);
        tensor.read(1, buffer);
        float[] got = new float[5];
        buffer.rewind().get(got);
        assertArrayEquals(new float[] {9, -1, 2, 3, -1}, got);
        tensor.read(6, buffer); // nothing remains, of either
        tensor.write(FloatBuffer.wrap(VALUES));
      }
      halves.write(ShortBuffer.allocate(6));
      halves.write(5, ShortBuffer.wrap(new short[] {7}));
      assertArrayEquals(new short[] {0, 0, 0, 0, 0, 7}, halves.toBits());
    }
  }
}
