package io.github.clpool.opencl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.Pooling;
import io.github.clpool.backend.Backend;
import io.github.clpool.backend.Preference;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Regions;
import io.github.clpool.op.Role;
import io.github.clpool.opencl.device.OpenClDevice;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Handles;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_buffer_region;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_device_id;
import org.jocl.cl_mem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** A context, a queue and buffers that this library did not make. */
class OpenClInteropTest {
  private static final Shape SHAPE = Shape.of(1, 1, 2, 4);
  private static final Pool MAX = Pool.max().over(Regions.window(2, 2));
  private static final float[] X = {1, 2, 3, 4, 5, 6, 7, 8};
  private static final float[] POOLED = {6, 8};

  private OpenClDevice device;
  private cl_context context;
  private cl_command_queue queue;
  private Backend backend;
  private Pooling pooling;
  private long before;

  @BeforeEach
  void open() {
    before = Handles.live();
    device = TestDevice.get();
    context = newContext();
    queue = newQueue(context, 0);
    backend = OpenClInterop.adopt(context, device.id(), queue);
    pooling = Pooling.over(backend);
  }

  private cl_context newContext() {
    return CL.clCreateContext(null, 1, new cl_device_id[] {device.id()}, null, null, null);
  }

  @SuppressWarnings("deprecation")
  private cl_command_queue newQueue(cl_context of, long properties) {
    return CL.clCreateCommandQueue(of, device.id(), properties, null);
  }

  @AfterEach
  void close() {
    if (pooling == null) {
      return; // skipped
    }
    pooling.close();
    assertEquals(before, Handles.live());
    // still the caller's
    assertEquals(CL.CL_SUCCESS, CL.clFinish(queue));
    assertEquals(CL.CL_SUCCESS, CL.clReleaseCommandQueue(queue));
    assertEquals(CL.CL_SUCCESS, CL.clReleaseContext(context));
  }

  @Test
  void whatWasRetainedIsReleased() {
    cl_mem mem = buffer(CL.CL_MEM_READ_WRITE, 32);
    int ofMemory = references(mem);
    int ofContext = references(context); // by the pooling, too
    try (Tensor x = wrap(mem, 0, SHAPE);
        Tensor again = wrap(mem, 0, SHAPE)) {
      assertEquals(x.shape(), again.shape());
      assertEquals(ofMemory + 2, references(mem));
    }
    assertEquals(ofMemory, references(mem));
    assertEquals(CL.CL_SUCCESS, CL.clReleaseMemObject(mem));
    pooling.close();
    assertTrue(references(context) < ofContext);
  }

  @Test
  void whatIsRefusedIsNotRetained() {
    cl_mem mem = buffer(CL.CL_MEM_READ_WRITE, 4096);
    int ofMemory = references(mem);
    int ofContext = references(context);
    Backend closed = OpenClInterop.adopt(context, device.id(), queue);
    closed.close();
    assertEquals(ofContext, references(context));
    for (long offset : new long[] {0, device.properties().baseAlignment()}) {
      assertThrows(
          IllegalStateException.class,
          () -> OpenClInterop.wrap(closed, mem, offset, SHAPE, Layout.NCHW, DataType.FLOAT32));
      assertThrows(IllegalArgumentException.class, () -> wrap(mem, offset + 1, Shape.of(9, 9, 99)));
    }
    assertEquals(ofMemory, references(mem));
    assertEquals(ofContext, references(context));
    assertEquals(CL.CL_SUCCESS, CL.clReleaseMemObject(mem));
  }

  @Test
  void aClosedBackendIsAskedForNothing() {
    cl_mem mem = buffer(CL.CL_MEM_READ_WRITE, 32);
    int ofMemory = references(mem);
    long handle = mem.getNativePointer(); // as another binding has it
    try (Tensor x = OpenClInterop.wrap(backend, handle, 0, SHAPE, Layout.NCHW, DataType.FLOAT32)) {
      assertEquals(SHAPE, x.shape());
    }
    Backend closed = OpenClInterop.adopt(context, device.id(), queue);
    closed.close();
    int ofQueue = references(queue);
    int ofContext = references(context);
    View view = new View(0, 8, 8);
    for (Executable use :
        List.<Executable>of(
            () -> OpenClInterop.queue(closed),
            () -> OpenClInterop.wrap(closed, handle, 0, SHAPE, Layout.NCHW, DataType.FLOAT32),
            () -> OpenClInterop.wrap(closed, mem, view, SHAPE, Layout.NCHW, DataType.FLOAT32),
            () -> OpenClInterop.enqueue(closed, () -> {}),
            () -> closed.allocate(SHAPE, Layout.NCHW, DataType.FLOAT32),
            () -> closed.plan(problem(), Preference.NONE),
            closed::trim,
            closed::finish)) {
      Exception refused = assertThrows(IllegalStateException.class, use);
      assertTrue(refused.getMessage().endsWith(" is closed"), refused::getMessage);
    }
    assertEquals(ofMemory, references(mem));
    assertEquals(ofQueue, references(queue));
    assertEquals(ofContext, references(context));
    assertEquals(CL.CL_SUCCESS, CL.clReleaseMemObject(mem));
  }

  @Test
  void aBackendThatNobodyClosesIsReportedAndReleased() throws InterruptedException {
    long live = Handles.live();
    int before = references(queue);
    int ofContext = references(context);
    adoptAndForget();
    assertTrue(references(context) > ofContext);
    for (int i = 0; i < 1000 && references(queue) > before; i++) { // the collector takes its time
      System.gc();
      Thread.sleep(10);
    }
    assertEquals(before, references(queue));
    assertEquals(ofContext, references(context), "programs or freed buffers hold the context");
    assertEquals(live, Handles.live());
  }

  private void adoptAndForget() {
    long live = Handles.live();
    int before = references(queue);
    Backend forgotten = OpenClInterop.adopt(context, device.id(), queue);
    forgotten.allocate(Shape.array(100), Layout.NCHW, DataType.FLOAT32).close(); // is kept
    forgotten.plan(problem(), Preference.NONE).close(); // its program is kept
    forgotten.plan(problem(), Preference.NONE); // holds kernels, and the backend
    assertEquals(live + 1, Handles.live());
    assertEquals(before + 1, references(queue));
  }

  private static Problem problem() {
    Map<Role, Shape> shapes = Map.of(Role.INPUT, SHAPE, Role.OUTPUT, MAX.outputShape(SHAPE));
    return new Problem(MAX, Direction.FORWARD, SHAPE, Layout.NCHW, DataType.FLOAT32, shapes, false);
  }

  private static int references(cl_command_queue of) {
    int[] count = new int[1];
    CL.clGetCommandQueueInfo(
        of, CL.CL_QUEUE_REFERENCE_COUNT, Sizeof.cl_uint, Pointer.to(count), null);
    return count[0];
  }

  private static int references(cl_mem mem) {
    int[] count = new int[1];
    CL.clGetMemObjectInfo(mem, CL.CL_MEM_REFERENCE_COUNT, Sizeof.cl_uint, Pointer.to(count), null);
    return count[0];
  }

  private static int references(cl_context of) {
    int[] count = new int[1];
    CL.clGetContextInfo(of, CL.CL_CONTEXT_REFERENCE_COUNT, Sizeof.cl_uint, Pointer.to(count), null);
    return count[0];
  }

  private cl_mem buffer(long flags, long bytes) {
    return CL.clCreateBuffer(context, flags, bytes, null, null);
  }

  private void write(cl_mem mem, long offset, float... values) {
    CL.clEnqueueWriteBuffer(
        queue,
        mem,
        true,
        offset,
        (long) values.length * Float.BYTES,
        Pointer.to(values),
        0,
        null,
        null);
  }

  private float[] read(cl_mem mem, long offset, int count) {
    float[] values = new float[count];
    CL.clEnqueueReadBuffer(
        queue, mem, true, offset, (long) count * Float.BYTES, Pointer.to(values), 0, null, null);
    return values;
  }

  private Tensor wrap(cl_mem mem, long offset, Shape shape) {
    return OpenClInterop.wrap(backend, mem, offset, shape, Layout.NCHW, DataType.FLOAT32);
  }

  @Test
  void poolsBuffersOfTheCallerInPlace() {
    cl_mem in = buffer(CL.CL_MEM_READ_ONLY, 32);
    cl_mem out = buffer(CL.CL_MEM_READ_WRITE, 8);
    write(in, 0, X);
    try (Tensor x = wrap(in, 0, SHAPE);
        Tensor y = wrap(out, 0, MAX.outputShape(SHAPE))) {
      pooling.compute(MAX, Direction.FORWARD, Map.of(Role.INPUT, x, Role.OUTPUT, y), false);
      assertArrayEquals(POOLED, read(out, 0, 2));
      assertArrayEquals(POOLED, y.toFloats());
    }
    assertArrayEquals(X, read(in, 0, 8)); // not released
    assertEquals(CL.CL_SUCCESS, CL.clReleaseMemObject(in));
    assertEquals(CL.CL_SUCCESS, CL.clReleaseMemObject(out));
  }

  @Test
  void resultsCanBeReadByTheCaller() {
    try (Tensor x = pooling.tensor(SHAPE, X);
        Tensor y = pooling.run(MAX, x)) {
      assertArrayEquals(POOLED, read(OpenClInterop.memory(y), 0, 2));
      assertEquals(queue, OpenClInterop.queue(y));
      assertEquals(queue, OpenClInterop.queue(pooling.backend()));
    }
    try (Pooling jvm = Pooling.open(io.github.clpool.DevicePolicy.JVM_ONLY);
        Tensor x = jvm.tensor(SHAPE, X)) {
      assertThrows(IllegalArgumentException.class, () -> OpenClInterop.memory(x));
      assertThrows(IllegalArgumentException.class, () -> OpenClInterop.queue(x));
      String message =
          assertThrows(IllegalArgumentException.class, () -> OpenClInterop.queue(jvm.backend()))
              .getMessage();
      assertTrue(message.startsWith("backend is jvm on "), message);
    }
  }

  @Test
  void partsAreSeenWhereTheyOverlap() {
    long alignment = device.properties().baseAlignment();
    cl_mem all = buffer(CL.CL_MEM_READ_WRITE, 4 * alignment);
    cl_mem half =
        CL.clCreateSubBuffer(
            all,
            CL.CL_MEM_READ_WRITE,
            CL.CL_BUFFER_CREATE_TYPE_REGION,
            new cl_buffer_region(2 * alignment, 2 * alignment),
            null);
    write(all, 3 * alignment, X);
    try (Tensor whole = wrap(all, 0, Shape.of(1, 1, 1, (int) alignment));
        Tensor first = wrap(all, 0, SHAPE);
        Tensor second = wrap(all, alignment, SHAPE);
        Tensor last = wrap(all, 3 * alignment, SHAPE);
        Tensor lastOfHalf = wrap(half, alignment, SHAPE);
        Tensor y = pooling.run(MAX, lastOfHalf)) {
      assertTrue(whole.storage().overlaps(second.storage()));
      assertTrue(first.storage().overlaps(whole.storage()));
      assertFalse(first.storage().overlaps(second.storage()));
      assertTrue(last.storage().overlaps(lastOfHalf.storage()));
      assertFalse(second.storage().overlaps(lastOfHalf.storage()));
      assertArrayEquals(X, last.toFloats());
      assertArrayEquals(POOLED, y.toFloats());
      assertThrows(
          IllegalArgumentException.class,
          () ->
              pooling.compute(
                  Pool.max().over(Regions.window(1, 1)),
                  Direction.FORWARD,
                  Map.of(Role.INPUT, last, Role.OUTPUT, lastOfHalf),
                  false));
    }
    CL.clReleaseMemObject(half);
    assertEquals(CL.CL_SUCCESS, CL.clReleaseMemObject(all));
  }

  @Test
  void whatCannotBeWrappedIsRefusedWithItsReason() {
    cl_mem mem = buffer(CL.CL_MEM_READ_WRITE, 4096);
    cl_mem readOnly = buffer(CL.CL_MEM_READ_ONLY, 32);
    cl_mem writeOnly = buffer(CL.CL_MEM_WRITE_ONLY, 32);
    cl_context other = newContext();
    cl_mem foreign = CL.clCreateBuffer(other, CL.CL_MEM_READ_WRITE, 32, null, null);
    assertRefused("multiple of the 4 bytes", () -> wrap(mem, 6, SHAPE));
    assertRefused("from offset 4080 on, but memory has 4096", () -> wrap(mem, 4080, SHAPE));
    assertRefused("offset is -4", () -> wrap(mem, -4, SHAPE));
    assertRefused("CL_MEM_WRITE_ONLY", () -> wrap(writeOnly, 0, SHAPE));
    assertRefused("another context", () -> wrap(foreign, 0, SHAPE));
    try (Tensor x = wrap(mem, 0, SHAPE);
        Tensor y = wrap(readOnly, 0, MAX.outputShape(SHAPE))) {
      assertRefused(
          "output is in memory made with CL_MEM_READ_ONLY",
          () ->
              pooling.compute(
                  MAX, Direction.FORWARD, Map.of(Role.INPUT, x, Role.OUTPUT, y), false));
    }
    CL.clReleaseMemObject(foreign);
    CL.clReleaseContext(other);
    CL.clReleaseMemObject(writeOnly);
    CL.clReleaseMemObject(readOnly);
    CL.clReleaseMemObject(mem);
  }

  @Test
  void queuesThatDoNotFitAreRefused() {
    cl_context other = newContext();
    assertRefused("another context", () -> OpenClInterop.adopt(other, device.id(), queue));
    CL.clReleaseContext(other);
  }

  private static void assertRefused(String part, Executable action) {
    Exception refused = assertThrows(IllegalArgumentException.class, action);
    assertTrue(refused.getMessage().contains(part), refused::getMessage);
  }
}
