package io.github.clpool.opencl;

import io.github.clpool.backend.Backend;
import io.github.clpool.backend.DeviceException;
import io.github.clpool.opencl.device.OpenClDevice;
import io.github.clpool.opencl.implementations.OpenClImplementations;
import io.github.clpool.opencl.runtime.Calls;
import io.github.clpool.opencl.runtime.DeviceProperties;
import io.github.clpool.opencl.runtime.DeviceQueries;
import io.github.clpool.opencl.runtime.EventCompletion;
import io.github.clpool.opencl.runtime.ForeignBuffer;
import io.github.clpool.opencl.runtime.ForeignHandles;
import io.github.clpool.opencl.runtime.OpenClBackend;
import io.github.clpool.opencl.runtime.OpenClContext;
import io.github.clpool.opencl.runtime.OpenClStorage;
import io.github.clpool.tensor.Completion;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Storage;
import io.github.clpool.tensor.Tensor;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_device_id;
import org.jocl.cl_event;
import org.jocl.cl_mem;

/**
 * Pools on the caller's own OpenCL context, queue and buffers, without a copy. The only class whose
 * signatures show JOCL. What is adopted stays the caller's: it is retained while it is used, and
 * only that is released again. Stateless.
 *
 * <pre>{@code
 * Backend backend = OpenClInterop.adopt(context, device, queue);
 * try (Pooling pooling = Pooling.over(backend);
 *     Tensor x = OpenClInterop.wrap(backend, buffer, 0, shape, Layout.NCHW, DataType.FLOAT32);
 *     Tensor y = pooling.run(Pool.max().over(Regions.window(2)), x)) {
 *   cl_mem pooled = OpenClInterop.memory(y); // enqueue on the same queue, in order
 * }
 * }</pre>
 */
public final class OpenClInterop {
  private OpenClInterop() {}

  /**
   * Makes a backend on the caller's queue. Its work is enqueued there, in the order of the calls,
   * and may be waited for there. Closing it, or what was made on it, waits for no work: OpenCL
   * keeps what that needs until it is done.
   *
   * @param context the context
   * @param device a device of it
   * @param queue a queue of both. On an out-of-order queue barriers keep the backend's work in
   *     order, and what the caller enqueues before and after it
   * @return the backend, for {@code Pooling.over}
   * @throws IllegalArgumentException if the three do not belong together
   * @throws DeviceException if the device cannot be used
   */
  public static Backend adopt(cl_context context, cl_device_id device, cl_command_queue queue) {
    Require.present("context", context);
    Require.present("device", device);
    Require.present("queue", queue);
    Calls calls = new Calls("adopted device");
    String platform = DeviceQueries.name(calls, DeviceQueries.platform(calls, device));
    DeviceProperties properties = DeviceQueries.properties(calls, platform, device);
    long options = checkQueue(new Calls(properties.label()), context, device, queue);
    properties
        .rejection()
        .ifPresent(
            reason -> {
              throw new DeviceException(properties.label() + " cannot be used: " + reason);
            });
    return OpenClDevice.backend(
        OpenClContext.adopt(properties, device, context, queue, options),
        OpenClImplementations::of);
  }

  /**
   * The same with handles of another binding, such as those of LWJGL. All must use one OpenCL
   * loader, as bindings on one machine do.
   *
   * @param context a {@code cl_context}
   * @param device a {@code cl_device_id} of it
   * @param queue a {@code cl_command_queue} of both. Numbers that are no handles crash the driver
   * @return the backend, for {@code Pooling.over}
   * @throws IllegalArgumentException if the three do not belong together
   * @throws DeviceException if the device cannot be used
   */
  public static Backend adopt(long context, long device, long queue) {
    checkHandle("context", context);
    checkHandle("device", device);
    checkHandle("queue", queue);
    Calls calls = new Calls("adopted device");
    cl_device_id itsDevice = ForeignHandles.device(calls, device);
    cl_context itsContext = new cl_context();
    cl_command_queue itsQueue = new cl_command_queue();
    ForeignHandles.fill(calls, itsDevice, new long[] {context, queue}, itsContext, itsQueue);
    return adopt(itsContext, itsDevice, itsQueue);
  }

  private static void checkHandle(String name, long handle) {
    Require.that(handle != 0, "%s is handle 0, but must be one that exists", name);
  }

  /** Returns the queue's properties. */
  private static long checkQueue(
      Calls calls, cl_context context, cl_device_id device, cl_command_queue queue) {
    cl_context itsContext = new cl_context();
    query(calls, queue, CL.CL_QUEUE_CONTEXT, Sizeof.cl_context, Pointer.to(itsContext));
    Require.that(
        itsContext.getNativePointer() == context.getNativePointer(),
        "queue belongs to another context than the one given");
    cl_device_id itsDevice = new cl_device_id();
    query(calls, queue, CL.CL_QUEUE_DEVICE, Sizeof.cl_device_id, Pointer.to(itsDevice));
    Require.that(
        itsDevice.getNativePointer() == device.getNativePointer(),
        "queue belongs to another device than the one given");
    long[] flags = new long[1];
    query(calls, queue, CL.CL_QUEUE_PROPERTIES, Sizeof.cl_ulong, Pointer.to(flags));
    return flags[0];
  }

  private static void query(
      Calls calls, cl_command_queue queue, int name, long size, Pointer value) {
    calls.check(
        "clGetCommandQueueInfo", () -> CL.clGetCommandQueueInfo(queue, name, size, value, null));
  }

  /**
   * Wraps a buffer of the caller, or a part of it, as a tensor. Closing the tensor frees nothing of
   * the caller's.
   *
   * @param backend the backend that was made by {@link #adopt} on the buffer's context
   * @param memory a buffer or sub-buffer; one made with CL_MEM_READ_ONLY takes no results
   * @param offset where the first element is, in bytes. Where it is no multiple of the device's
   *     alignment (CL_DEVICE_MEM_BASE_ADDR_ALIGN), the tensor is a view, as by a {@link View}
   * @param shape the shape
   * @param layout the order of the elements
   * @param type the element type
   * @return the tensor, to be closed by the caller
   * @throws IllegalArgumentException if the buffer belongs to another context or is too small, or
   *     no element can begin at the offset
   */
  public static Tensor wrap(
      Backend backend, cl_mem memory, long offset, Shape shape, Layout layout, DataType type) {
    Require.present("memory", memory);
    Require.present("shape", shape);
    Require.present("layout", layout);
    Require.present("type", type);
    Require.atLeast("offset", offset, 0);
    OpenClBackend owner = openCl(backend);
    Storage part = new ForeignBuffer(owner, memory).part(offset, type, shape.elements());
    return new Tensor(shape, layout, type, part, null);
  }

  /**
   * Wraps elements of the caller that do not follow each other, such as some channels of a
   * concatenated tensor. Implementations for GPUs read and write them in place, others by way of
   * dense copies on the device; {@code Pooling.explain} tells which do. Other elements between them
   * are never read or written by kernels, and never changed.
   *
   * @param backend the backend that was made by {@link #adopt} on the buffer's context
   * @param memory a buffer or sub-buffer; one made with CL_MEM_READ_ONLY takes no results
   * @param view where the elements are
   * @param shape the shape
   * @param layout the order of the elements
   * @param type the element type
   * @return the tensor, to be closed by the caller
   * @throws IllegalArgumentException if the buffer belongs to another context or is too small, or
   *     elements of the view would lie in one place
   */
  public static Tensor wrap(
      Backend backend, cl_mem memory, View view, Shape shape, Layout layout, DataType type) {
    Require.present("memory", memory);
    Require.present("view", view);
    Require.present("shape", shape);
    Require.present("layout", layout);
    Require.present("type", type);
    long planes = shape.c();
    long cells = shape.planeSize();
    long length = layout == Layout.NCHW ? cells : planes;
    long rows = layout == Layout.NCHW ? planes : cells;
    boolean isDense = view.pitch() == length; // then a batch position is a row
    Storage part =
        new ForeignBuffer(openCl(backend), memory)
            .rows(
                type,
                view.first(),
                isDense ? length * rows : length,
                isDense ? 1 : rows,
                view.pitch(),
                shape.n(),
                view.batchPitch());
    return new Tensor(shape, layout, type, part, null);
  }

  /**
   * The same with the handle of another binding, such as one of LWJGL.
   *
   * @param backend the backend that was made by {@code adopt} on the buffer's context
   * @param memory a {@code cl_mem}, a buffer or sub-buffer. A number that is none crashes the
   *     driver
   * @param offset where the first element is, in bytes
   * @param shape the shape
   * @param layout the order of the elements
   * @param type the element type
   * @return the tensor, to be closed by the caller
   * @throws IllegalArgumentException if the buffer belongs to another context or is too small, or
   *     no element can begin at the offset
   */
  public static Tensor wrap(
      Backend backend, long memory, long offset, Shape shape, Layout layout, DataType type) {
    checkHandle("memory", memory);
    Require.present("shape", shape);
    Require.present("layout", layout);
    Require.present("type", type);
    OpenClBackend owner = openCl(backend);
    cl_mem itsMemory = owner.using(() -> ForeignHandles.memory(owner.context(), memory));
    return wrap(backend, itsMemory, offset, shape, layout, type);
  }

  /**
   * The buffer of a tensor, for the caller's own kernels on the same queue.
   *
   * @param tensor an open tensor of an OpenCL backend; its first element is the buffer's first byte
   * @return the buffer, valid until the tensor is closed, never to be released by the caller
   * @throws IllegalArgumentException if the tensor is not on an OpenCL device, or a view
   */
  public static cl_mem memory(Tensor tensor) {
    OpenClStorage storage = onDevice(tensor);
    Require.that(
        !storage.isView(), "tensor %s is a view, but must have a buffer of its own", tensor);
    return storage.mem();
  }

  /**
   * The queue of calls with a tensor, for the caller's own kernels between them; OpenCL tells its
   * context and its device. So a program may leave the choice of the device to {@code Pooling}.
   *
   * @param tensor an open tensor of an OpenCL backend
   * @return the queue, valid until the backend is closed, never to be released by the caller;
   *     in-order, unless it is one that {@link #adopt} was given
   * @throws IllegalArgumentException if the tensor is not on an OpenCL device
   */
  public static cl_command_queue queue(Tensor tensor) {
    return onDevice(tensor).backend().context().queue();
  }

  /**
   * The queue of a backend, such as that of {@code Pooling.backend()}, as the other method gives
   * it: its context takes buffers of the caller for {@code wrap}.
   *
   * @param backend an open OpenCL backend
   * @return the queue, valid until the backend is closed, never to be released by the caller
   * @throws IllegalArgumentException if the backend is not on an OpenCL device
   * @throws IllegalStateException if the backend is closed
   */
  public static cl_command_queue queue(Backend backend) {
    OpenClBackend open = openCl(backend);
    return open.using(() -> open.context().queue());
  }

  private static OpenClStorage onDevice(Tensor tensor) {
    if (Require.present("tensor", tensor).storage() instanceof OpenClStorage storage) {
      return storage;
    }
    throw new IllegalArgumentException("tensor " + tensor + " is not on an OpenCL device");
  }

  /**
   * Makes calls behind events of the caller and says when their work is done. Returns at once, and
   * the calls do: the queue waits, and with it everything that is enqueued there later.
   *
   * <p>The event of the completion ends whatever the kernels found. Who reads the results without
   * this library learns from {@link Completion#await}, which waits no more by then, whether they
   * were given bad data, such as a box that is refused.
   *
   * <pre>{@code
   * Completion pooled = OpenClInterop.enqueue(backend, () -> max.run(x, y), uploaded);
   * clEnqueueNDRangeKernel(otherQueue, ..., 1, new cl_event[] {OpenClInterop.event(pooled)}, null);
   * }</pre>
   *
   * @param backend the backend of the calls
   * @param calls the calls, made by this thread before this one returns; what they throw is thrown
   * @param waitList what must be done before their work begins
   * @return when their work is done, to be closed by the caller
   * @throws IllegalArgumentException if the backend is not on an OpenCL device
   * @throws DeviceException if an event belongs to another context
   */
  public static Completion enqueue(Backend backend, Runnable calls, cl_event... waitList) {
    Require.present("calls", calls);
    Require.present("waitList", waitList);
    for (cl_event event : waitList) {
      Require.present("event of waitList", event);
    }
    return openCl(backend).enqueue(calls, waitList.clone());
  }

  /**
   * The event of work that was started, for wait lists of the caller.
   *
   * @param completion an open completion of an OpenCL backend
   * @return the event, valid until the completion is closed, never to be released by the caller
   * @throws IllegalArgumentException if the work is not on an OpenCL device
   */
  public static cl_event event(Completion completion) {
    Require.present("completion", completion);
    if (completion instanceof EventCompletion onDevice) {
      return onDevice.event();
    }
    throw new IllegalArgumentException("completion is not on an OpenCL device");
  }

  private static OpenClBackend openCl(Backend backend) {
    if (Require.present("backend", backend) instanceof OpenClBackend openCl) {
      return openCl;
    }
    throw new IllegalArgumentException(
        "backend is %s on %s, but must be one on an OpenCL device"
            .formatted(backend.name(), backend.device()));
  }
}
