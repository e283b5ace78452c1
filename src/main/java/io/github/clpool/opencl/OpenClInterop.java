package io.github.clpool.opencl;

import io.github.clpool.backend.Backend;
import io.github.clpool.backend.DeviceException;
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
   * and may be waited for there.
   *
   * @param context the context
   * @param device a device of it
   * @param queue an in-order queue of both
   * @return the backend, for {@code Pooling.over}
   * @throws IllegalArgumentException if the three do not belong together or the queue is
   *     out-of-order
   * @throws DeviceException if the device cannot be used
   */
  public static Backend adopt(cl_context context, cl_device_id device, cl_command_queue queue) {
    Require.present("context", context);
    Require.present("device", device);
    Require.present("queue", queue);
    Calls calls = new Calls("adopted device");
    String platform = DeviceQueries.name(calls, DeviceQueries.platform(calls, device));
    DeviceProperties properties = DeviceQueries.properties(calls, platform, device);
    checkQueue(new Calls(properties.label()), context, device, queue);
    properties
        .rejection()
        .ifPresent(
            reason -> {
              throw new DeviceException(properties.label() + " cannot be used: " + reason);
            });
    calls.check("clRetainCommandQueue", () -> CL.clRetainCommandQueue(queue));
    try {
      calls.check("clRetainContext", () -> CL.clRetainContext(context));
    } catch (Throwable failed) {
      Calls.code(() -> CL.clReleaseCommandQueue(queue));
      throw failed;
    }
    return new OpenClBackend(
        new OpenClContext(properties, device, context, queue), OpenClImplementations::of);
  }

  private static void checkQueue(
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
    Require.that(
        (flags[0] & CL.CL_QUEUE_OUT_OF_ORDER_EXEC_MODE_ENABLE) == 0,
        "queue is out-of-order, but must be in-order");
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
   * @param offset where the first element is, in bytes
   * @param shape the shape
   * @param layout the order of the elements
   * @param type the element type
   * @return the tensor, to be closed by the caller
   * @throws IllegalArgumentException if the buffer belongs to another context, is too small, or the
   *     offset is not aligned as the device needs it
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
   * The buffer of a tensor, for the caller's own kernels on the same queue.
   *
   * @param tensor an open tensor of an OpenCL backend; its first element is the buffer's first byte
   * @return the buffer, valid until the tensor is closed, never to be released by the caller
   * @throws IllegalArgumentException if the tensor is not on an OpenCL device
   */
  public static cl_mem memory(Tensor tensor) {
    Require.present("tensor", tensor);
    if (tensor.storage() instanceof OpenClStorage storage) {
      return storage.mem();
    }
    throw new IllegalArgumentException("tensor " + tensor + " is not on an OpenCL device");
  }

  private static OpenClBackend openCl(Backend backend) {
    if (backend instanceof OpenClBackend openCl) {
      return openCl;
    }
    throw new IllegalArgumentException("backend is " + backend + ", but must be an OpenCL backend");
  }
}
