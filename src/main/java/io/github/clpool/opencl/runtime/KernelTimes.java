package io.github.clpool.opencl.runtime;

import io.github.clpool.backend.Lifetime;
import java.util.ArrayList;
import java.util.List;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_event;

/**
 * Adds up what kernels, and copies from buffer to buffer, take by the device's own clock, each from
 * its start to its end, while it is open. What lies between them does not count. For one thread.
 */
public final class KernelTimes implements AutoCloseable {
  private final OpenClContext context;
  private final List<cl_event> events = new ArrayList<>();

  /**
   * Begins.
   *
   * @param backend a backend that was opened to be timed
   */
  public KernelTimes(OpenClBackend backend) {
    context = backend.context();
    context.take(this);
  }

  cl_event next() {
    cl_event event = new cl_event();
    events.add(event);
    return event;
  }

  /**
   * Waits for all kernels.
   *
   * @return the seconds of those that were started since it was asked last
   */
  public double seconds() {
    context.finish();
    events.removeIf(event -> event.getNativePointer() == 0); // what could not be started
    long nanoseconds = 0;
    for (cl_event event : events) {
      nanoseconds += time(context.calls(), event, CL.CL_PROFILING_COMMAND_END);
      nanoseconds -= time(context.calls(), event, CL.CL_PROFILING_COMMAND_START);
    }
    release();
    return nanoseconds * 1e-9;
  }

  /** A moment in the life of a command, in nanoseconds; its queue must take times. */
  static long time(Calls calls, cl_event event, int moment) {
    long[] time = new long[1];
    calls.check(
        "clGetEventProfilingInfo",
        () -> CL.clGetEventProfilingInfo(event, moment, Sizeof.cl_ulong, Pointer.to(time), null));
    return time[0];
  }

  private void release() {
    try {
      Lifetime.freeAll(events, event -> Calls.code(() -> CL.clReleaseEvent(event)));
    } finally {
      events.clear();
    }
  }

  @Override
  public void close() {
    context.take(null);
    release();
  }
}
