package io.github.clpool.opencl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.lwjgl.system.MemoryUtil.NULL;

import io.github.clpool.Pooling;
import io.github.clpool.backend.Backend;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Regions;
import io.github.clpool.opencl.device.OpenClDevice;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Handles;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lwjgl.BufferUtils;
import org.lwjgl.PointerBuffer;
import org.lwjgl.opencl.CL10;
import org.lwjgl.opencl.CL11;
import org.lwjgl.opencl.CL12;
import org.lwjgl.system.Configuration;

/** A context, a queue and buffers that LWJGL made: numbers, no objects of JOCL. */
class ForeignHandlesTest {
  private static final long ALL_TYPES = 0xFFFFFFFFL; // rusticl refuses the constant, -1
  private static final Shape SHAPE = Shape.of(1, 1, 2, 4);
  private static final Pool MAX = Pool.max().over(Regions.window(2, 2));

  static {
    Configuration.OPENCL_LIBRARY_NAME.set("libOpenCL.so.1"); // no development package is needed
  }

  private long device;
  private long context;
  private long queue;

  @BeforeEach
  void open() {
    device = find(TestDevice.get());
    int[] code = new int[1];
    PointerBuffer properties = BufferUtils.createPointerBuffer(1).put(0, NULL);
    context = CL10.clCreateContext(properties, device, null, NULL, null);
    queue = CL10.clCreateCommandQueue(context, device, 0, code);
    assertEquals(CL10.CL_SUCCESS, code[0]);
  }

  /** LWJGL's own handle of the device of this run. */
  private static long find(OpenClDevice wanted) {
    int[] count = new int[1];
    CL10.clGetPlatformIDs(null, count);
    PointerBuffer platforms = BufferUtils.createPointerBuffer(count[0]);
    CL10.clGetPlatformIDs(platforms, (int[]) null);
    for (int i = 0; i < platforms.capacity(); i++) {
      if (CL10.clGetDeviceIDs(platforms.get(i), ALL_TYPES, null, count) == 0) {
        PointerBuffer devices = BufferUtils.createPointerBuffer(count[0]);
        CL10.clGetDeviceIDs(platforms.get(i), ALL_TYPES, devices, (int[]) null);
        for (int k = 0; k < devices.capacity(); k++) {
          if (devices.get(k) == wanted.id().getNativePointer()) {
            return devices.get(k);
          }
        }
      }
    }
    throw new AssertionError("LWJGL does not find " + wanted.properties().label());
  }

  @AfterEach
  void close() {
    if (queue != 0) { // else it was skipped
      assertEquals(CL10.CL_SUCCESS, CL10.clFinish(queue)); // still the caller's
      assertEquals(CL10.CL_SUCCESS, CL10.clReleaseCommandQueue(queue));
      assertEquals(CL10.CL_SUCCESS, CL10.clReleaseContext(context));
    }
  }

  private long buffer(int bytes) {
    return CL10.clCreateBuffer(context, CL10.CL_MEM_READ_WRITE, (long) bytes, null);
  }

  @Test
  void poolsBetweenKernelsOfAnotherBinding() {
    long before = Handles.live();
    long in = buffer(32);
    long out = buffer(8);
    CL10.clEnqueueWriteBuffer(queue, in, true, 0, new float[] {1, 2, 3, 4, 5, 6, 7, 8}, null, null);
    Backend backend = OpenClInterop.adopt(context, device, queue);
    try (Pooling pooling = Pooling.over(backend);
        Tensor x = wrap(backend, in, SHAPE);
        Tensor y = wrap(backend, out, MAX.outputShape(SHAPE))) {
      pooling.prepare(MAX, SHAPE, Layout.NCHW, DataType.FLOAT32).run(x, y);
    }
    assertEquals(before, Handles.live());
    float[] pooled = new float[2];
    CL10.clEnqueueReadBuffer(queue, out, true, 0, pooled, null, null);
    assertArrayEquals(new float[] {6, 8}, pooled);
    assertEquals(CL10.CL_SUCCESS, CL10.clReleaseMemObject(in));
    assertEquals(CL10.CL_SUCCESS, CL10.clReleaseMemObject(out));
  }

  private static Tensor wrap(Backend backend, long memory, Shape shape) {
    return OpenClInterop.wrap(backend, memory, 0, shape, Layout.NCHW, DataType.FLOAT32);
  }

  @Test
  void aBufferIsWrappedWhileItsQueueWaits() {
    int[] code = new int[1];
    long event = CL11.clCreateUserEvent(context, code);
    assertEquals(CL10.CL_SUCCESS, code[0]);
    long in = buffer(32);
    Backend backend = OpenClInterop.adopt(context, device, queue);
    try (Pooling pooling = Pooling.over(backend)) {
      PointerBuffer list = BufferUtils.createPointerBuffer(1).put(0, event);
      assertEquals(CL10.CL_SUCCESS, CL12.clEnqueueBarrierWithWaitList(queue, list, null));
      try (Tensor x = wrap(backend, in, SHAPE)) {
        assertEquals(SHAPE, x.shape());
      } finally {
        CL11.clSetUserEventStatus(event, CL10.CL_COMPLETE);
      }
      pooling.finish();
    }
    CL10.clReleaseEvent(event);
    CL10.clReleaseMemObject(in);
  }

  @Test
  void whatIsNoHandleIsRefused() {
    assertRefused("context is handle 0", () -> OpenClInterop.adopt(0L, device, queue));
    assertRefused("queue is handle 0", () -> OpenClInterop.adopt(context, device, 0L));
    assertRefused("no platform has", () -> OpenClInterop.adopt(context, device + 1, queue));
    Backend backend = OpenClInterop.adopt(context, device, queue);
    assertRefused("memory is handle 0", () -> wrap(backend, 0, SHAPE));
    backend.close();
  }

  private static void assertRefused(String part, org.junit.jupiter.api.function.Executable action) {
    Exception refused = assertThrows(IllegalArgumentException.class, action);
    assertTrue(refused.getMessage().contains(part), refused::getMessage);
  }
}
