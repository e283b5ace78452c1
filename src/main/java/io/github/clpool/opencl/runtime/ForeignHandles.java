package io.github.clpool.opencl.runtime;

import org.jocl.CL;
import org.jocl.NativePointerObject;
import org.jocl.Pointer;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_device_id;
import org.jocl.cl_mem;
import org.jocl.cl_platform_id;

/**
 * JOCL's objects for handles that other bindings hold as numbers. JOCL offers no constructor for
 * them, but it fills objects with whatever a device's buffer holds, so a buffer hands them over, in
 * a queue of its own: the caller's may be waiting. Stateless.
 */
public final class ForeignHandles {
  private ForeignHandles() {}

  /**
   * Finds a device of this machine.
   *
   * @throws IllegalArgumentException if no platform has it
   */
  public static cl_device_id device(Calls calls, long handle) {
    for (cl_platform_id platform : DeviceQueries.platforms(calls)) {
      for (cl_device_id device : DeviceQueries.devices(calls, platform)) {
        if (device.getNativePointer() == handle) {
          return device;
        }
      }
    }
    throw new IllegalArgumentException(
        "device is handle 0x%x, but no platform has such a device".formatted(handle));
  }

  /** A context and a queue of it, by way of a context that is released again. */
  public static void fill(
      Calls calls, cl_device_id device, long[] handles, NativePointerObject... objects) {
    cl_device_id[] devices = {device};
    cl_context own =
        calls.create(
            "clCreateContext", code -> CL.clCreateContext(null, 1, devices, null, null, code));
    try {
      fill(calls, own, device, handles, objects);
    } finally {
      Calls.code(() -> CL.clReleaseContext(own));
    }
  }

  /** A buffer of the context. */
  public static cl_mem memory(OpenClContext of, long handle) {
    cl_mem memory = new cl_mem();
    fill(of.calls(), of.context(), of.device(), new long[] {handle}, memory);
    return memory;
  }

  @SuppressWarnings("deprecation") // its successor needs OpenCL 2.0
  private static void fill(
      Calls calls,
      cl_context context,
      cl_device_id device,
      long[] handles,
      NativePointerObject... objects) {
    long bytes = (long) handles.length * Long.BYTES;
    long flags = CL.CL_MEM_READ_ONLY | CL.CL_MEM_COPY_HOST_PTR;
    cl_mem buffer =
        calls.create(
            "clCreateBuffer",
            code -> CL.clCreateBuffer(context, flags, bytes, Pointer.to(handles), code));
    try {
      cl_command_queue queue =
          calls.create(
              "clCreateCommandQueue", code -> CL.clCreateCommandQueue(context, device, 0, code));
      try {
        calls.check(
            "clEnqueueReadBuffer of handles",
            () ->
                CL.clEnqueueReadBuffer(
                    queue, buffer, true, 0, bytes, Pointer.to(objects), 0, null, null));
      } finally {
        Calls.code(() -> CL.clReleaseCommandQueue(queue));
      }
    } finally {
      Calls.code(() -> CL.clReleaseMemObject(buffer));
    }
  }
}
