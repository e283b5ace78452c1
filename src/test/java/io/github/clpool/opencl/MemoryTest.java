package io.github.clpool.opencl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.Pooling;
import io.github.clpool.backend.Backend;
import io.github.clpool.backend.DeviceException;
import io.github.clpool.backend.DeviceMemoryException;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Regions;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.runtime.Memory;
import io.github.clpool.opencl.runtime.OpenClBackend;
import io.github.clpool.opencl.runtime.OpenClStorage;
import io.github.clpool.opencl.runtime.Transfers;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Storage;
import io.github.clpool.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.ShortBuffer;
import java.util.Arrays;
import java.util.List;
import org.jocl.cl_mem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Buffers and the ways in and out of them. */
class MemoryTest {
  private OpenClBackend backend;

  @BeforeEach
  void open() {
    backend = TestDevice.open();
  }

  @AfterEach
  void close() {
    if (backend == null) {
      return; // skipped
    }
    backend.close();
    assertEquals(0, backend.memory().usedBytes());
  }

  @Test
  void aFreedBufferIsTheNextOfItsSize() {
    Memory memory = backend.memory();
    Memory.Allocation first = memory.allocate(100_000);
    memory.free(first);
    Memory.Allocation smaller = memory.allocate(90_000);
    assertNotSame(first.mem(), smaller.mem());
    Memory.Allocation again = memory.allocate(100_000);
    assertSame(first.mem(), again.mem());
    memory.free(again);
    memory.free(smaller);
    assertTrue(memory.keptBytes() >= 190_000);
    memory.dropKept();
    assertEquals(0, memory.keptBytes());
  }

  @Test
  void noMoreIsKeptThanAllowed() {
    System.setProperty(Memory.KEPT_PROPERTY, "1000000");
    try (OpenClBackend frugal = TestDevice.open()) {
      Memory memory = frugal.memory();
      memory.dropKept();
      Memory.Allocation stale = memory.allocate(300_000);
      memory.free(stale);
      memory.free(memory.allocate(400_000));
      memory.free(memory.allocate(600_000));
      assertTrue(memory.keptBytes() <= 1_000_000);
      Memory.Allocation recent = memory.allocate(600_000);
      assertEquals(memory.created(), createdAfter(memory, recent));
    } finally {
      System.clearProperty(Memory.KEPT_PROPERTY);
    }
  }

  private static long createdAfter(Memory memory, Memory.Allocation freed) {
    memory.free(freed);
    memory.free(memory.allocate(600_000)); // was kept
    return memory.created();
  }

  @Test
  void moreThanTheDeviceHasIsRefusedWithItsLimit() {
    long limit = backend.profile().maxAllocation();
    DeviceMemoryException refused =
        assertThrows(
            DeviceMemoryException.class,
            () -> allocate(backend, DataType.FLOAT32, limit / Float.BYTES + 1));
    assertEquals(limit, refused.limit());
    assertTrue(refused.asked() > limit);
    assertTrue(refused.getMessage().contains(Long.toString(limit)), refused::getMessage);
  }

  /** A device that says that it has more than it does. */
  @Test
  void moreThanTheDriverGivesIsRefusedAlike() {
    try (OpenClBackend boasting = TestDevice.withMemory(1L << 60, 1L << 60).open()) {
      long used = boasting.memory().usedBytes();
      DeviceMemoryException refused =
          assertThrows(
              DeviceMemoryException.class, () -> allocate(boasting, DataType.FLOAT32, 1L << 52));
      assertEquals(1L << 54, refused.asked());
      assertTrue(refused.getMessage().contains("clCreateBuffer"), refused::getMessage);
      assertEquals(used, boasting.memory().usedBytes());
    }
  }

  /** A device that is small: what does not fit beside the rest changes nothing. */
  @Test
  void aCallThatLacksMemoryIsRefusedAndEverythingGoesOn() {
    Shape shape = Shape.of(1, 1, 256, 256);
    float[] cells = new float[(int) shape.elements()];
    cells[65_535] = 3;
    OpenClBackend small = TestDevice.withMemory(600_000, 300_000).open();
    try (Pooling pooling = Pooling.over(small);
        Tensor x = pooling.tensor(shape, cells)) {
      Pool same = Pool.max().over(Regions.window(1));
      try (Tensor y = pooling.run(same, x)) {
        long used = small.memory().usedBytes();
        DeviceMemoryException refused =
            assertThrows(DeviceMemoryException.class, () -> pooling.run(same, x));
        assertEquals(4 * shape.elements(), refused.asked());
        assertEquals(600_000, refused.limit());
        assertTrue(refused.getMessage().contains(used + " bytes in use"), refused::getMessage);
        assertEquals(used, small.memory().usedBytes());
        assertArrayEquals(cells, y.toFloats());
      }
      try (Tensor y = pooling.run(same, x)) {
        assertArrayEquals(cells, y.toFloats());
      }
    }
  }

  /** More than any Java buffer can hold travels in parts; else more bytes than an int counts. */
  @Test
  void elementsFarBehindAreReached() {
    long most = Math.min(backend.profile().maxAllocation() / 2, (1L << 31) + 20);
    long elements = most > 1L << 31 ? most : Math.min(most, (1L << 30) + 20);
    Assumptions.assumeTrue(
        backend.profile().kind() != DeviceProfile.Kind.SIMULATOR && elements > 1L << 30,
        "the device holds no tensor of more than 2 GiB");
    try (Storage storage = allocate(backend, DataType.FLOAT16, elements)) {
      for (ShortBuffer source : List.of(ShortBuffer.allocate(3), direct(6).asShortBuffer())) {
        source.put(new short[] {1, 2, 3}).flip();
        storage.write(elements - 3, source);
        storage.write(0, ShortBuffer.wrap(new short[] {7, 8, 9}));
        ShortBuffer target = ShortBuffer.allocate(2);
        storage.read(elements - 2, target);
        assertArrayEquals(new short[] {2, 3}, target.array());
        assertThrows(
            IllegalArgumentException.class,
            () -> storage.read(elements - 1, ShortBuffer.allocate(2)));
      }
    }
  }

  private static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }

  @Test
  void everyTypeTravelsFromArraysAndDirectBuffers() {
    short[] shorts = {1, -2, 3};
    try (Storage storage = allocate(backend, DataType.FLOAT16, 3)) {
      storage.write(0, ShortBuffer.wrap(shorts));
      ShortBuffer straight = direct(6).asShortBuffer();
      storage.read(0, straight);
      assertFalse(straight.hasRemaining());
      assertEquals(ShortBuffer.wrap(shorts), straight.flip());
    }
    try (Storage storage = allocate(backend, DataType.FLOAT64, 2)) {
      DoubleBuffer straight = direct(16).asDoubleBuffer().put(0, Math.PI).put(1, -0.0);
      storage.write(0, straight);
      assertFalse(straight.hasRemaining());
      double[] back = new double[2];
      storage.read(0, DoubleBuffer.wrap(back));
      assertArrayEquals(new double[] {Math.PI, -0.0}, back);
    }
    try (Storage storage = allocate(backend, DataType.INT32, 2)) {
      storage.write(0, IntBuffer.wrap(new int[] {7, -1}));
      int[] back = new int[2];
      storage.read(0, IntBuffer.wrap(back));
      assertArrayEquals(new int[] {7, -1}, back);
    }
  }

  @Test
  void onlyWhatRemainsTravels() {
    for (boolean isDirect : new boolean[] {false, true}) {
      FloatBuffer source = isDirect ? direct(20).asFloatBuffer() : FloatBuffer.allocate(5);
      FloatBuffer target = isDirect ? direct(20).asFloatBuffer() : FloatBuffer.allocate(5);
      source.put(new float[] {9, 1, 2, 3, 9}).position(1).limit(4);
      target.position(2);
      try (Storage storage = allocate(backend, DataType.FLOAT32, 3)) {
        storage.write(0, source);
        assertEquals(4, source.position());
        storage.read(0, target);
        assertEquals(5, target.position());
      }
      float[] got = new float[5];
      target.rewind().get(got);
      assertArrayEquals(new float[] {0, 0, 1, 2, 3}, got);
    }
  }

  @Test
  void largeArraysTravelInPieces() {
    float[] values = new float[3_000_001]; // over three stages, which take turns, and mapped
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    try (Storage storage = allocate(backend, DataType.FLOAT32, values.length)) {
      for (boolean mapping : new boolean[] {true, false}) {
        Transfers transfers = new Transfers(backend.context(), mapping);
        transfers.write(((OpenClStorage) storage).mem(), 0, FloatBuffer.wrap(values));
        float[] back = new float[values.length];
        transfers.read(((OpenClStorage) storage).mem(), 0, FloatBuffer.wrap(back));
        assertArrayEquals(values, back);
        transfers.close();
      }
    }
  }

  /** The first part fits into the buffer, the next one does not. */
  @Test
  void aTransferThatFailsHalfwayLeavesTheNextOneAlone() {
    Assumptions.assumeFalse(
        backend.profile().kind() == DeviceProfile.Kind.SIMULATOR, "a simulator reports it");
    float[] values = new float[3_000_000];
    Arrays.fill(values, 7);
    try (Storage storage = allocate(backend, DataType.FLOAT32, values.length / 2)) {
      Transfers transfers = new Transfers(backend.context(), false);
      cl_mem mem = ((OpenClStorage) storage).mem();
      for (int i = 0; i < 3; i++) {
        assertThrows(
            DeviceException.class, () -> transfers.write(mem, 0, FloatBuffer.wrap(values)));
        assertThrows(
            DeviceException.class, () -> transfers.read(mem, 0, FloatBuffer.wrap(values.clone())));
        transfers.write(mem, 0, FloatBuffer.wrap(values, 0, values.length / 2));
        FloatBuffer back = FloatBuffer.allocate(values.length / 2);
        transfers.read(mem, 0, back);
        assertEquals(FloatBuffer.wrap(values, 0, values.length / 2), back.flip());
      }
      transfers.close();
    }
  }

  @Test
  void noElementsNeedNoMemory() {
    try (Storage storage = allocate(backend, DataType.FLOAT32, 0)) {
      storage.write(0, FloatBuffer.allocate(0));
      storage.read(0, FloatBuffer.allocate(0));
    }
  }

  private static Storage allocate(Backend backend, DataType type, long elements) {
    return backend.allocate(Shape.array(elements), Layout.NCHW, type);
  }
}
