package io.github.clpool.opencl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Pooling;
import io.github.clpool.PreparedPooling;
import io.github.clpool.backend.Backend;
import io.github.clpool.backend.DeviceException;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Regions;
import io.github.clpool.op.Role;
import io.github.clpool.opencl.device.OpenClDevice;
import io.github.clpool.opencl.runtime.Calls;
import io.github.clpool.tensor.Completion;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Handles;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_device_id;
import org.jocl.cl_event;
import org.jocl.cl_mem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Work that begins behind events of the caller and ends with one. */
class CompletionTest {
  private static final Shape SHAPE = Shape.of(1, 2, 4, 6);
  private static final Pool MAX = Pool.max().over(Regions.window(2, 2));
  private static final Shape POOLED = MAX.outputShape(SHAPE);

  private OpenClDevice device;
  private cl_context context;
  private long live;

  @BeforeEach
  void open() {
    live = Handles.live();
    device = TestDevice.get();
    context = CL.clCreateContext(null, 1, new cl_device_id[] {device.id()}, null, null, null);
  }

  @AfterEach
  void close() {
    CL.setExceptionsEnabled(false); // as JOCL begins
    if (context != null) {
      assertEquals(live, Handles.live());
      assertEquals(CL.CL_SUCCESS, CL.clReleaseContext(context));
    }
  }

  @SuppressWarnings("deprecation")
  private cl_command_queue queue(long properties) {
    return CL.clCreateCommandQueue(context, device.id(), properties, null);
  }

  private cl_event userEvent() {
    return CL.clCreateUserEvent(context, new int[1]);
  }

  private static void end(cl_event event, int status) {
    Calls.code(() -> CL.clSetUserEventStatus(event, status));
  }

  private static float[] cells(int from) {
    float[] cells = new float[(int) SHAPE.elements()];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = from + (i * 7) % 11;
    }
    return cells;
  }

  private static float[] pooled(float[] cells) {
    try (Pooling jvm = Pooling.open(DevicePolicy.JVM_ONLY);
        Tensor x = jvm.tensor(SHAPE, cells);
        Tensor y = jvm.run(MAX, x)) {
      return y.toFloats();
    }
  }

  private static PreparedPooling prepare(Pooling pooling) {
    return pooling.prepare(MAX, SHAPE, Layout.NCHW, DataType.FLOAT32);
  }

  @ParameterizedTest
  @CsvSource({"false, false", "true, false", "false, true", "true, true"})
  void workBeginsBehindTheCallersEventAndEndsWithItsOwn(boolean exceptions, boolean outOfOrder) {
    Assumptions.assumeFalse(device.isSimulator(), "Oclgrind's clFlush waits for events");
    long order = outOfOrder ? CL.CL_QUEUE_OUT_OF_ORDER_EXEC_MODE_ENABLE : 0;
    cl_command_queue queue = queue(CL.CL_QUEUE_PROFILING_ENABLE | order);
    Assumptions.assumeTrue(queue != null, "the device has no such queues");
    CL.setExceptionsEnabled(exceptions);
    Backend backend = OpenClInterop.adopt(context, device.id(), queue);
    cl_event before = userEvent();
    try (Pooling pooling = Pooling.over(backend)) {
      PreparedPooling max = prepare(pooling);
      try (Tensor x = pooling.tensor(SHAPE, cells(0));
          Tensor y = max.empty(Role.OUTPUT);
          Completion completion = OpenClInterop.enqueue(backend, () -> max.run(x, y), before);
          Completion ready = y.ready()) {
        assertFalse(completion.isDone());
        assertFalse(ready.isDone());
        CompletableFuture<Void> future = completion.toCompletableFuture();
        assertFalse(future.isDone());
        end(before, CL.CL_COMPLETE);
        future.join();
        completion.await();
        assertTrue(completion.isDone());
        ready.await();
        assertArrayEquals(pooled(cells(0)), y.toFloats());
        Completion.Times times = completion.times().orElseThrow();
        assertTrue(times.queued() <= times.submitted(), times::toString);
        assertTrue(times.submitted() <= times.started(), times::toString);
        assertTrue(times.started() <= times.ended(), times::toString);
        assertEquals(exceptions, isThrowing());
      } finally {
        end(before, CL.CL_COMPLETE);
      }
    }
    CL.clReleaseEvent(before);
    CL.clReleaseCommandQueue(queue);
  }

  /** Whether JOCL throws, as the test set it. */
  private static boolean isThrowing() {
    try {
      CL.clReleaseEvent(null);
      return false;
    } catch (RuntimeException thrown) {
      return true;
    }
  }

  /** Two queues, each with a backend of its own, pool one after the other in shared memory. */
  @Test
  void eventsOrderTwoQueues() throws InterruptedException {
    Assumptions.assumeFalse(device.isSimulator(), "Oclgrind's clFlush waits for events");
    cl_command_queue one = queue(0);
    cl_command_queue other = queue(0);
    float[] zeros = new float[(int) POOLED.elements()];
    long flags = CL.CL_MEM_READ_WRITE | CL.CL_MEM_COPY_HOST_PTR;
    cl_mem between =
        CL.clCreateBuffer(context, flags, 4 * POOLED.elements(), Pointer.to(zeros), null);
    Backend first = OpenClInterop.adopt(context, device.id(), one);
    Backend second = OpenClInterop.adopt(context, device.id(), other);
    Pool whole = Pool.max().over(Regions.global());
    cl_event before = userEvent();
    try (Pooling onFirst = Pooling.over(first);
        Pooling onSecond = Pooling.over(second);
        Tensor x = onFirst.tensor(SHAPE, cells(5));
        Tensor y = wrap(first, between);
        Tensor again = wrap(second, between);
        Completion filled =
            OpenClInterop.enqueue(first, () -> prepare(onFirst).run(x, y), before)) {
      PreparedPooling rest = onSecond.prepare(whole, POOLED, Layout.NCHW, DataType.FLOAT32);
      try (Tensor z = rest.empty(Role.OUTPUT)) {
        rest.run(again, z);
        assertArrayEquals(new float[] {0, 0}, z.toFloats(), "the first queue did not wait");
      }
      try (Tensor z = rest.empty(Role.OUTPUT);
          Completion ended =
              OpenClInterop.enqueue(
                  second, () -> rest.run(again, z), OpenClInterop.event(filled))) {
        for (int i = 0; i < 100; i++) { // of microseconds; a queue that does not wait is done
          assertFalse(ended.isDone(), "the second queue did not wait");
          Thread.sleep(2);
        }
        end(before, CL.CL_COMPLETE);
        ended.await();
        assertTrue(filled.isDone());
        assertTrue(filled.times().isEmpty(), "the queue takes no times");
        assertArrayEquals(new float[] {15, 15}, z.toFloats());
      } finally {
        end(before, CL.CL_COMPLETE);
      }
    }
    CL.clReleaseEvent(before);
    CL.clReleaseMemObject(between);
    CL.clReleaseCommandQueue(other);
    CL.clReleaseCommandQueue(one);
  }

  private static Tensor wrap(Backend backend, cl_mem memory) {
    return OpenClInterop.wrap(backend, memory, 0, POOLED, Layout.NCHW, DataType.FLOAT32);
  }

  /** Temporaries and results pass from call to call, which only the order makes safe. */
  @Test
  void anOutOfOrderQueueComputesInOrder() {
    cl_command_queue queue = queue(CL.CL_QUEUE_OUT_OF_ORDER_EXEC_MODE_ENABLE);
    Assumptions.assumeTrue(queue != null, "the device has no out-of-order queues");
    Backend backend = OpenClInterop.adopt(context, device.id(), queue);
    try (Pooling pooling = Pooling.over(backend)) {
      Pool keep = Pool.max().over(Regions.window(1));
      int side = device.isSimulator() ? 8 : 64;
      Shape shape = Shape.of(1, 1, side, side);
      PreparedPooling copy = pooling.prepare(keep, shape, Layout.NCHW, DataType.FLOAT32);
      float[] cells = new float[side * side];
      try (Tensor a = copy.empty(Role.INPUT);
          Tensor b = copy.empty(Role.INPUT)) {
        for (int round = 0; round < (device.isSimulator() ? 2 : 20); round++) {
          cells[round] = round + 1;
          a.write(FloatBuffer.wrap(cells));
          for (int i = 0; i < 10; i++) {
            copy.run(a, b);
            copy.run(b, a);
          }
          assertArrayEquals(cells, a.toFloats());
        }
      }
    }
    CL.clReleaseCommandQueue(queue);
  }

  @Test
  void whatTheCallsThrowIsThrownAndNothingIsKept() {
    cl_command_queue queue = queue(0);
    Backend backend = OpenClInterop.adopt(context, device.id(), queue);
    try (Pooling pooling = Pooling.over(backend)) {
      long before = Handles.live();
      IllegalStateException thrown = new IllegalStateException("mine");
      assertEquals(
          thrown,
          assertThrows(
              IllegalStateException.class,
              () ->
                  OpenClInterop.enqueue(
                      backend,
                      () -> {
                        throw thrown;
                      })));
      assertEquals(before, Handles.live());
      Completion closed = pooling.enqueue(() -> {});
      closed.close();
      closed.close();
      assertThrows(IllegalStateException.class, closed::await);
      assertThrows(IllegalStateException.class, closed::isDone);
      assertThrows(IllegalStateException.class, () -> OpenClInterop.event(closed));
    }
    CL.clReleaseCommandQueue(queue);
  }

  /** What waits for work that failed fails, and says so. */
  @Test
  @SuppressWarnings("try") // the pooling only closes the backend
  void aFailedEventFailsWhatWaitsForIt() {
    Assumptions.assumeFalse(
        device.properties().platform().equals("rusticl"), "rusticl goes on after such events");
    Assumptions.assumeFalse(device.isSimulator(), "Oclgrind's clFlush waits for events");
    cl_command_queue queue = queue(0);
    cl_event before = userEvent();
    Backend backend = OpenClInterop.adopt(context, device.id(), queue);
    try (Pooling pooling = Pooling.over(backend)) {
      try (Completion completion = OpenClInterop.enqueue(backend, () -> {}, before)) {
        CompletableFuture<Void> future = completion.toCompletableFuture();
        end(before, -1);
        DeviceException failed = assertThrows(DeviceException.class, completion::await);
        assertNotNull(failed.getMessage());
        assertThrows(ExecutionException.class, future::get);
        assertTrue(completion.isDone());
      }
    }
    CL.clReleaseEvent(before);
    CL.clReleaseCommandQueue(queue);
  }

  @Test
  void onTheJvmWorkIsDoneWhenItReturns() {
    try (Pooling jvm = Pooling.open(DevicePolicy.JVM_ONLY)) {
      PreparedPooling max = prepare(jvm);
      try (Tensor x = jvm.tensor(SHAPE, cells(1));
          Tensor y = max.empty(Role.OUTPUT);
          Completion completion = jvm.enqueue(() -> max.run(x, y))) {
        assertTrue(completion.isDone());
        completion.await();
        completion.toCompletableFuture().join();
        Completion.Times times = completion.times().orElseThrow();
        assertTrue(times.started() <= times.ended());
        assertThrows(IllegalArgumentException.class, () -> OpenClInterop.event(completion));
        assertTrue(y.ready().isDone());
      }
    }
  }
}
