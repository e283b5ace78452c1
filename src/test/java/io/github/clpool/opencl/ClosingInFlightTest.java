package io.github.clpool.opencl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.clpool.Nightly;
import io.github.clpool.Pass;
import io.github.clpool.Pooling;
import io.github.clpool.PreparedPooling;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Regions;
import io.github.clpool.opencl.device.OpenClDevice;
import io.github.clpool.opencl.runtime.Calls;
import io.github.clpool.opencl.runtime.OpenClBackend;
import io.github.clpool.tensor.Completion;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Handles;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntSupplier;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_device_id;
import org.jocl.cl_event;
import org.jocl.cl_mem;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * Everything is closed, twice, by two threads and in any order, while its work is in the queue: the
 * work is done all the same, and all memory is free afterwards.
 */
class ClosingInFlightTest {
  private static final Shape SHAPE = Shape.of(1, 2, 6, 8);
  private static final Pool MAX = Pool.max().over(Regions.window(2, 2));
  private static final Shape POOLED = MAX.outputShape(SHAPE);
  private static final int CALLS = 30;

  private static float[] numbers(Shape shape) {
    float[] numbers = new float[(int) shape.elements()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = i * 7919 % 1009 - 500;
    }
    return numbers;
  }

  /** The greatest of each 2x2 cells. */
  private static float[] pooled() {
    float[] cells = numbers(SHAPE);
    float[] greatest = new float[(int) POOLED.elements()];
    Arrays.fill(greatest, Float.NEGATIVE_INFINITY);
    for (int i = 0; i < cells.length; i++) {
      int output = i / 16 * 4 + i % 8 / 2; // rows of 8 cells
      greatest[output] = Math.max(greatest[output], cells[i]);
    }
    return greatest;
  }

  @Test
  void aQueueOfTheCallerThatWaits() throws InterruptedException {
    OpenClDevice device = TestDevice.get();
    Assumptions.assumeFalse(device.isSimulator(), "Oclgrind's clFlush waits for events");
    long seed = Nightly.seed();
    Random random = new Random(seed);
    for (int round = 0; round < Nightly.cases(5, 200); round++) {
      boolean isAwaited = round % 2 == 0;
      closeBehindAnEvent(device, random, isAwaited, "seed " + seed + ", round " + round);
    }
  }

  @SuppressWarnings("deprecation")
  private static void closeBehindAnEvent(
      OpenClDevice device, Random random, boolean isAwaited, String what)
      throws InterruptedException {
    long live = Handles.live();
    cl_context context =
        CL.clCreateContext(null, 1, new cl_device_id[] {device.id()}, null, null, null);
    cl_command_queue queue = CL.clCreateCommandQueue(context, device.id(), 0, null);
    cl_mem in = buffer(context, numbers(SHAPE));
    cl_mem out = buffer(context, numbers(POOLED));
    cl_event event = CL.clCreateUserEvent(context, null);
    int ofContext = references(context);
    OpenClBackend backend = (OpenClBackend) OpenClInterop.adopt(context, device.id(), queue);
    Pooling pooling = Pooling.over(backend);
    Tensor x = OpenClInterop.wrap(backend, in, 0, SHAPE, Layout.NCHW, DataType.FLOAT32);
    Tensor y = OpenClInterop.wrap(backend, out, 0, POOLED, Layout.NCHW, DataType.FLOAT32);
    Tensor own = pooling.tensor(SHAPE, numbers(SHAPE));
    Tensor g = pooling.tensor(POOLED, numbers(POOLED));
    PreparedPooling max = pooling.prepare(MAX, SHAPE, Layout.NCHW, DataType.FLOAT32);
    CL.clEnqueueBarrierWithWaitList(queue, 1, new cl_event[] {event}, null);
    Pass pass = pooling.forward(MAX, own);
    Tensor dx = pass.backward(g);
    for (int i = 0; i < CALLS; i++) {
      pooling.run(MAX, own).close();
    }
    Completion last = pooling.enqueue(() -> max.run(x, y));
    CompletableFuture<Void> done = null; // it keeps the context until the work is done
    if (isAwaited) {
      done = last.toCompletableFuture();
    }
    try {
      List<AutoCloseable> all = List.of(x, y, own, g, pass, dx, last, pooling);
      boolean isRescued = orFire(event, () -> closeAll(2, random, all));
      assertFalse(isRescued, "closing waited for the queue: " + what);
      assertEquals(live, Handles.live(), what);
      assertFalse(isAwaited && done.isDone(), what);
    } finally {
      fire(event);
    }
    if (isAwaited) {
      done.join();
    }
    assertEquals(CL.CL_SUCCESS, CL.clFinish(queue), what);
    assertArrayEquals(pooled(), read(queue, out), what);
    assertFree(backend, what);
    awaitCount("context, " + what, ofContext, () -> references(context));
    CL.clReleaseEvent(event);
    for (cl_mem each : List.of(in, out)) {
      awaitCount("memory, " + what, 1, () -> references(each));
      CL.clReleaseMemObject(each);
    }
    awaitCount("queue, " + what, 1, () -> references(queue));
    CL.clReleaseCommandQueue(queue);
    CL.clReleaseContext(context);
  }

  /** A queue of the library is done before its device is freed. */
  @Test
  void aLongQueue() throws InterruptedException {
    boolean isSimulator = TestDevice.get().isSimulator();
    long seed = Nightly.seed();
    Random random = new Random(seed);
    Shape shape = isSimulator ? SHAPE : Shape.of(4, 16, 64, 64);
    for (int round = 0; round < (isSimulator ? 1 : Nightly.cases(4, 100)); round++) {
      String what = "seed " + seed + ", round " + round;
      long live = Handles.live();
      OpenClBackend backend = TestDevice.open();
      Pooling pooling = Pooling.over(backend);
      Tensor x = pooling.tensor(shape, numbers(shape));
      List<AutoCloseable> all = new ArrayList<>(List.of(x, pooling));
      for (int i = 0; i < (isSimulator ? 3 : CALLS); i++) {
        Pass pass = pooling.forward(MAX, x);
        all.addAll(List.of(pass, pass.backward(pass.output())));
      }
      all.add(pooling.enqueue(() -> {}));
      closeAll(isSimulator ? 1 : 2, random, all); // Oclgrind takes one thread at a time
      assertEquals(live, Handles.live(), what);
      assertFree(backend, what);
    }
  }

  /** Threads close everything, each in an order of its own. */
  private static void closeAll(int count, Random random, List<AutoCloseable> all)
      throws InterruptedException {
    List<Throwable> failed = Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<AutoCloseable> order = new ArrayList<>(all);
      Collections.shuffle(order, random);
      threads.add(
          new Thread(
              () -> {
                try {
                  for (AutoCloseable each : order) {
                    each.close();
                  }
                } catch (Exception | Error other) {
                  failed.add(other);
                }
              }));
    }
    threads.forEach(Thread::start);
    for (Thread each : threads) {
      each.join();
    }
    assertEquals(List.of(), failed);
  }

  private static void assertFree(OpenClBackend backend, String what) {
    assertEquals(0, backend.memory().usedBytes(), what);
    assertEquals(0, backend.memory().keptBytes(), what);
    assertEquals(0, backend.programs().size(), what);
  }

  /** Something that may be interrupted. */
  @FunctionalInterface
  private interface Work {
    void run() throws InterruptedException;
  }

  /** Whether the event had to be fired: what waits for ever would keep the test from failing. */
  private static boolean orFire(cl_event event, Work work) throws InterruptedException {
    CountDownLatch ended = new CountDownLatch(1);
    AtomicBoolean isFired = new AtomicBoolean();
    Thread rescue =
        new Thread(
            () -> {
              try {
                if (!ended.await(5, TimeUnit.MINUTES)) {
                  isFired.set(true);
                  fire(event);
                }
              } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
              }
            });
    rescue.start();
    try {
      work.run();
    } finally {
      ended.countDown();
      rescue.join();
    }
    return isFired.get();
  }

  /** An error if it is complete already. */
  private static void fire(cl_event event) {
    Calls.code(() -> CL.clSetUserEventStatus(event, CL.CL_COMPLETE));
  }

  private static cl_mem buffer(cl_context context, float... numbers) {
    long flags = CL.CL_MEM_READ_WRITE | CL.CL_MEM_COPY_HOST_PTR;
    long bytes = (long) numbers.length * Float.BYTES;
    return CL.clCreateBuffer(context, flags, bytes, Pointer.to(numbers), null);
  }

  private static float[] read(cl_command_queue queue, cl_mem memory) {
    float[] numbers = new float[(int) POOLED.elements()];
    long bytes = (long) numbers.length * Float.BYTES;
    CL.clEnqueueReadBuffer(queue, memory, true, 0, bytes, Pointer.to(numbers), 0, null, null);
    return numbers;
  }

  /** Drivers let go of what work needed in threads of their own. */
  private static void awaitCount(String what, int expected, IntSupplier references)
      throws InterruptedException {
    for (int i = 0; i < 1000 && references.getAsInt() != expected; i++) {
      Thread.sleep(10);
    }
    assertEquals(expected, references.getAsInt(), "references to " + what);
  }

  private static int references(cl_context of) {
    int[] count = new int[1];
    CL.clGetContextInfo(of, CL.CL_CONTEXT_REFERENCE_COUNT, Sizeof.cl_uint, Pointer.to(count), null);
    return count[0];
  }

  private static int references(cl_command_queue of) {
    int[] count = new int[1];
    CL.clGetCommandQueueInfo(
        of, CL.CL_QUEUE_REFERENCE_COUNT, Sizeof.cl_uint, Pointer.to(count), null);
    return count[0];
  }

  private static int references(cl_mem of) {
    int[] count = new int[1];
    CL.clGetMemObjectInfo(of, CL.CL_MEM_REFERENCE_COUNT, Sizeof.cl_uint, Pointer.to(count), null);
    return count[0];
  }
}
