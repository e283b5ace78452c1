package io.github.clpool.opencl;

import io.github.clpool.Pooling;
import io.github.clpool.PreparedPooling;
import io.github.clpool.backend.Backend;
import io.github.clpool.cache.Cache;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Regions;
import io.github.clpool.opencl.device.OpenClDevice;
import io.github.clpool.tensor.Completion;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_device_id;
import org.jocl.cl_event;
import org.jocl.cl_mem;

/** A context, a queue and buffers of a caller, and calls on them that use all of interop. */
final class CallerQueue implements AutoCloseable {
  private static final Shape WHOLE = Shape.of(2, 3, 4, 8);
  private static final Shape PART = Shape.of(2, 1, 4, 8); // some channels of the whole
  private static final Pool MAX = Pool.max().over(Regions.window(2));

  private final OpenClDevice device;
  private final cl_context context;
  private final cl_command_queue queue;
  private final cl_mem in;
  private final cl_mem out;
  private final cl_event before;

  @SuppressWarnings("deprecation") // its successor needs OpenCL 2.0
  CallerQueue(OpenClDevice device) {
    this.device = device;
    this.context = CL.clCreateContext(null, 1, new cl_device_id[] {device.id()}, null, null, null);
    this.queue = CL.clCreateCommandQueue(context, device.id(), CL.CL_QUEUE_PROFILING_ENABLE, null);
    int alignment = Math.max(1, (int) device.properties().baseAlignment() / Float.BYTES);
    float[] numbers = new float[(int) WHOLE.elements() + alignment];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = i * 7919 % 1009 - 500;
    }
    long flags = CL.CL_MEM_READ_WRITE | CL.CL_MEM_COPY_HOST_PTR;
    long bytes = (long) numbers.length * Float.BYTES;
    this.in = CL.clCreateBuffer(context, flags, bytes, Pointer.to(numbers), null);
    this.out = CL.clCreateBuffer(context, flags, bytes, Pointer.to(numbers), null);
    this.before = CL.clCreateUserEvent(context, null);
    CL.clSetUserEventStatus(before, CL.CL_COMPLETE);
  }

  String device() {
    return device.name();
  }

  /** Pools dense buffers, a part that begins elsewhere, and views; waits in all ways. */
  List<String> results() {
    Backend backend =
        OpenClInterop.adopt(
            context.getNativePointer(), device.id().getNativePointer(), queue.getNativePointer());
    Shape pooled = MAX.outputShape(PART);
    View middle = View.within(WHOLE, Layout.NCHW, 0, 1);
    View last = View.within(MAX.outputShape(WHOLE), Layout.NCHW, 0, 2);
    try (Pooling pooling = Pooling.over(backend);
        Tensor x = wrap(backend, in, 0, PART);
        Tensor y = wrap(backend, out, 0, pooled);
        Tensor moved = wrap(backend, in, device.properties().baseAlignment(), PART);
        Tensor channel = wrap(backend, in, middle, PART);
        Tensor itsChannel = wrap(backend, out, last, pooled)) {
      PreparedPooling max = pooling.prepare(MAX, PART, Layout.NCHW, DataType.FLOAT32);
      List<String> found = new ArrayList<>();
      try (Completion first =
          OpenClInterop.enqueue(
              backend,
              () -> {
                max.run(x, y);
                max.run(channel, itsChannel);
              },
              before)) {
        Cache.joined(first.toCompletableFuture());
        first.await();
        found.add(first.isDone() + " " + first.times().isPresent());
        found.addAll(List.of(hash(y), hash(itsChannel)));
      }
      max.run(moved, y);
      try (Completion ready = y.ready()) {
        ready.await();
      }
      found.add(hash(y));
      return found;
    }
  }

  private static Tensor wrap(Backend backend, cl_mem memory, long offset, Shape shape) {
    return OpenClInterop.wrap(backend, memory, offset, shape, Layout.NCHW, DataType.FLOAT32);
  }

  private static Tensor wrap(Backend backend, cl_mem memory, View view, Shape shape) {
    return OpenClInterop.wrap(backend, memory, view, shape, Layout.NCHW, DataType.FLOAT32);
  }

  private static String hash(Tensor tensor) {
    return Integer.toHexString(Arrays.hashCode(tensor.toFloats()));
  }

  @Override
  public void close() {
    CL.clReleaseEvent(before);
    CL.clReleaseMemObject(out);
    CL.clReleaseMemObject(in);
    CL.clReleaseCommandQueue(queue);
    CL.clReleaseContext(context);
  }
}
