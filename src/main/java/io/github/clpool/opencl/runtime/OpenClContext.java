package io.github.clpool.opencl.runtime;

import io.github.clpool.backend.Lifetime;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.IntSupplier;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_context_properties;
import org.jocl.cl_device_id;
import org.jocl.cl_event;
import org.jocl.cl_platform_id;

/**
 * One device with its context and one queue. It orders everything that this library does with it;
 * on an out-of-order queue of the caller, barriers do. Lives until it is closed and the last buffer
 * of it is freed. Thread-safe.
 */
public final class OpenClContext {
  private final DeviceProperties properties;
  private final cl_device_id device;
  private final cl_context context;
  private final cl_command_queue queue;
  private final Calls calls;
  private final boolean isRusticl;
  private final boolean isOrdered;
  private final boolean takesTimes;
  private final ReentrantLock turns; // null where none is needed
  private final Lifetime lifetime;
  private volatile KernelTimes times; // null where none are taken

  /** Owns one reference to context and queue from now on. */
  private OpenClContext(
      DeviceProperties properties,
      cl_device_id device,
      cl_context context,
      cl_command_queue queue,
      long options,
      boolean isAdopted) {
    this.properties = properties;
    this.device = device;
    this.context = context;
    this.queue = queue;
    this.calls = new Calls(properties.label());
    this.isOrdered = (options & CL.CL_QUEUE_OUT_OF_ORDER_EXEC_MODE_ENABLE) == 0;
    this.takesTimes = (options & CL.CL_QUEUE_PROFILING_ENABLE) != 0;
    this.isRusticl = properties.platform().equals("rusticl");
    this.turns = isRusticl ? new ReentrantLock() : null;
    this.lifetime =
        new Lifetime(
            properties.label(),
            () ->
                Lifetime.freeAll(
                    () -> {
                      if (!isAdopted) {
                        waitFor(queue, isRusticl);
                      }
                    },
                    () -> Calls.code(() -> CL.clReleaseCommandQueue(queue)),
                    () -> Calls.code(() -> CL.clReleaseContext(context))));
  }

  /**
   * Takes the caller's queue, which closing does not wait for: it may be waiting for the caller.
   * OpenCL keeps what its work needs until that is done.
   *
   * @param options the queue's properties
   */
  public static OpenClContext adopt(
      DeviceProperties properties,
      cl_device_id device,
      cl_context context,
      cl_command_queue queue,
      long options) {
    Calls calls = new Calls(properties.label());
    calls.check("clRetainCommandQueue", () -> CL.clRetainCommandQueue(queue));
    try {
      calls.check("clRetainContext", () -> CL.clRetainContext(context));
    } catch (Throwable failed) {
      Calls.code(() -> CL.clReleaseCommandQueue(queue));
      throw failed;
    }
    return new OpenClContext(properties, device, context, queue, options, true);
  }

  /**
   * Opens a device.
   *
   * @param takesTimes whether {@link KernelTimes} can be taken, which costs a little
   */
  @SuppressWarnings("deprecation") // its successor needs OpenCL 2.0
  public static OpenClContext create(
      DeviceProperties properties, cl_platform_id found, cl_device_id device, boolean takesTimes) {
    long options = takesTimes ? CL.CL_QUEUE_PROFILING_ENABLE : 0;
    Calls calls = new Calls(properties.label());
    cl_context_properties platform = new cl_context_properties();
    platform.addProperty(CL.CL_CONTEXT_PLATFORM, found);
    cl_device_id[] one = {device};
    cl_context context =
        calls.create(
            "clCreateContext", code -> CL.clCreateContext(platform, 1, one, null, null, code));
    try {
      cl_command_queue queue =
          calls.create(
              "clCreateCommandQueue",
              code -> CL.clCreateCommandQueue(context, device, options, code));
      return new OpenClContext(properties, device, context, queue, options, false);
    } catch (Throwable failed) {
      Calls.code(() -> CL.clReleaseContext(context));
      throw failed;
    }
  }

  /** The same device and context with another queue, which waits for nothing of this one. */
  @SuppressWarnings("deprecation")
  OpenClContext beside() {
    calls.check("clRetainContext", () -> CL.clRetainContext(context));
    try {
      cl_command_queue another =
          calls.create(
              "clCreateCommandQueue", code -> CL.clCreateCommandQueue(context, device, 0, code));
      return new OpenClContext(properties, device, context, another, 0, false);
    } catch (Throwable failed) {
      Calls.code(() -> CL.clReleaseContext(context));
      throw failed;
    }
  }

  public DeviceProperties properties() {
    return properties;
  }

  public cl_device_id device() {
    return device;
  }

  cl_context context() {
    return context;
  }

  public cl_command_queue queue() {
    return queue;
  }

  /** Whether events of the queue know when they happened. */
  boolean takesTimes() {
    return takesTimes;
  }

  Calls calls() {
    return calls;
  }

  public Lifetime lifetime() {
    return lifetime;
  }

  /** Takes the times of kernels from now on, or of none. */
  void take(KernelTimes wanted) {
    times = wanted;
  }

  /** The event of a kernel that is enqueued next, null where no times are taken. */
  cl_event kernelEvent() {
    KernelTimes taken = times;
    return taken == null ? null : taken.next();
  }

  /**
   * Begins to enqueue, to be ended by {@link #endTurn}. rusticl now and then lets a read overtake
   * the kernel before it where several threads enqueue at once, so they take turns there.
   */
  void takeTurn() {
    if (turns != null) {
      turns.lock();
    }
    try {
      order();
    } catch (Throwable failed) {
      endTurn();
      throw failed;
    }
  }

  /** Keeps what is enqueued next behind what was enqueued last, on queues that need it. */
  void order() {
    if (!isOrdered) {
      calls.check("clEnqueueBarrierWithWaitList", () -> barrier(queue));
    }
  }

  /** Ends it whatever happened meanwhile. */
  void endTurn() {
    if (turns != null) {
      turns.unlock();
    }
  }

  /** Makes a call that enqueues, in a turn. */
  void enqueue(String call, IntSupplier body) {
    takeTurn();
    try {
      calls.check(call, body);
    } finally {
      endTurn();
    }
  }

  /** The same for a call that returns an object. */
  <T> T enqueue(String call, Function<int[], T> body) {
    takeTurn();
    try {
      return calls.create(call, body);
    } finally {
      endTurn();
    }
  }

  /** Waits for everything that was enqueued. */
  public void finish() {
    if (isRusticl) { // its clFinish waits for nothing but what was not flushed yet
      enqueue("clEnqueueBarrierWithWaitList", () -> barrier(queue));
    }
    enqueue("clFinish", () -> CL.clFinish(queue));
  }

  /** Keeps what is enqueued from here on behind events and what was enqueued before; flushes. */
  cl_event marker(cl_event... waitList) {
    cl_event marker = new cl_event();
    boolean waits = waitList.length > 0;
    enqueue(
        waits ? "clEnqueueBarrierWithWaitList" : "clEnqueueMarkerWithWaitList",
        () ->
            waits
                ? CL.clEnqueueBarrierWithWaitList(queue, waitList.length, waitList, marker)
                : CL.clEnqueueMarkerWithWaitList(queue, 0, null, marker));
    try {
      flush();
    } catch (Throwable failed) {
      Calls.code(() -> CL.clReleaseEvent(marker));
      throw failed;
    }
    return marker;
  }

  /** Makes sure that what was enqueued begins. */
  void flush() {
    int code;
    try {
      code = CL.clFlush(queue);
    } catch (CLException failed) {
      code = failed.getStatus();
    }
    if (code != CL.CL_SUCCESS) {
      throw calls.failure("clFlush", code);
    }
  }

  private static int barrier(cl_command_queue queue) {
    return CL.clEnqueueBarrierWithWaitList(queue, 0, null, null);
  }

  /** A failure does no harm: it is over anyway. */
  private static void waitFor(cl_command_queue queue, boolean isRusticl) {
    if (isRusticl) {
      Calls.code(() -> barrier(queue));
    }
    Calls.code(() -> CL.clFinish(queue));
  }
}
