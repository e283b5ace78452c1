package io.github.clpool.opencl.runtime;

import io.github.clpool.backend.Lifetime;
import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Tensor;
import java.nio.ByteBuffer;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.cl_command_queue;
import org.jocl.cl_mem;

/**
 * Copies between a tensor and pinned memory of the host, with nothing but JOCL: the best that a
 * device does, to compare the ways of arrays with. Not thread-safe; must be closed before its
 * tensor.
 */
public final class PinnedCopy implements AutoCloseable {
  private final cl_command_queue queue;
  private final cl_mem device;
  private final cl_mem host;
  private final ByteBuffer mapped;
  private final Pointer pointer;

  /**
   * Pins as much memory as the tensor has.
   *
   * @param tensor a tensor of an {@link OpenClBackend}, below 2 GiB
   * @throws IllegalArgumentException if it is none
   */
  public PinnedCopy(Tensor tensor) {
    Require.that(
        tensor.storage() instanceof OpenClStorage, "tensor is %s, but must be on a device", tensor);
    OpenClStorage storage = (OpenClStorage) tensor.storage();
    OpenClContext context = storage.backend().context();
    long bytes = storage.elements() * storage.type().bytes();
    queue = context.queue();
    device = storage.mem();
    long pinned = CL.CL_MEM_READ_WRITE | CL.CL_MEM_ALLOC_HOST_PTR;
    host =
        context
            .calls()
            .create(
                "clCreateBuffer of " + bytes + " bytes",
                code -> CL.clCreateBuffer(context.context(), pinned, bytes, null, code));
    try {
      long access = CL.CL_MAP_READ | CL.CL_MAP_WRITE;
      mapped =
          context.enqueue(
              "clEnqueueMapBuffer of " + bytes + " bytes",
              code ->
                  CL.clEnqueueMapBuffer(queue, host, true, access, 0, bytes, 0, null, null, code));
    } catch (Throwable failed) {
      Calls.code(() -> CL.clReleaseMemObject(host));
      throw failed;
    }
    pointer = Pointer.to(mapped);
  }

  /** Copies to the device. */
  public void in() {
    CL.clEnqueueWriteBuffer(queue, device, true, 0, mapped.capacity(), pointer, 0, null, null);
  }

  /** Copies from the device. */
  public void out() {
    CL.clEnqueueReadBuffer(queue, device, true, 0, mapped.capacity(), pointer, 0, null, null);
  }

  @Override
  public void close() {
    Lifetime.freeAll(
        () -> Calls.code(() -> CL.clEnqueueUnmapMemObject(queue, host, mapped, 0, null, null)),
        () -> Calls.code(() -> CL.clReleaseMemObject(host)));
  }
}
