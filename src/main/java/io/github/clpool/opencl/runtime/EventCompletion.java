package io.github.clpool.opencl.runtime;

import io.github.clpool.backend.Lifetime;
import io.github.clpool.tensor.Completion;
import io.github.clpool.tensor.Handles;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_event;

/** Work between two markers of a queue. Thread-safe. */
public final class EventCompletion implements Completion {
  /** Waits in threads that keep no program from ending: a driver's callbacks would be its own. */
  private static final Executor WAITING =
      Executors.newCachedThreadPool(
          wait -> {
            Thread thread = new Thread(wait, "clpool completion");
            thread.setDaemon(true);
            return thread;
          });

  private final Calls calls;
  private final boolean takesTimes;
  private final cl_event first;
  private final cl_event last;
  private final List<FaultCheck> checks; // of the work
  private final Lifetime lifetime;
  private final Handles.Handle handle;

  /** Owns both events, and a use of the context, from now on. */
  EventCompletion(OpenClContext context, cl_event first, cl_event last, List<FaultCheck> checks) {
    this.calls = context.calls();
    this.takesTimes = context.takesTimes();
    this.first = first;
    this.last = last;
    this.checks = checks;
    Lifetime ofEvents =
        new Lifetime(
            "completion",
            () ->
                Lifetime.freeAll(
                    () -> Calls.code(() -> CL.clReleaseEvent(first)),
                    () -> Calls.code(() -> CL.clReleaseEvent(last)),
                    context.lifetime()::done));
    this.lifetime = ofEvents;
    this.handle = Handles.open(this, "completion on " + calls.device(), ofEvents::close);
  }

  /** Ends with the work; valid until this is closed. */
  public cl_event event() {
    if (handle.isClosed()) {
      throw new IllegalStateException("completion is closed");
    }
    return last;
  }

  @Override
  public void await() {
    lifetime.use();
    try {
      waitForResults();
    } finally {
      lifetime.done();
    }
  }

  private void waitForResults() {
    waitForIt();
    checks.forEach(FaultCheck::await);
  }

  private void waitForIt() {
    int code = Calls.code(() -> CL.clWaitForEvents(1, new cl_event[] {last}));
    if (code != CL.CL_SUCCESS) {
      int status = status(); // says more: what became of the work
      throw status < 0
          ? calls.failure("work in the queue", status)
          : calls.failure("clWaitForEvents", code);
    }
  }

  @Override
  public boolean isDone() {
    lifetime.use();
    try {
      return status() <= CL.CL_COMPLETE;
    } finally {
      lifetime.done();
    }
  }

  private int status() {
    int[] status = new int[1];
    calls.check(
        "clGetEventInfo",
        () ->
            CL.clGetEventInfo(
                last,
                CL.CL_EVENT_COMMAND_EXECUTION_STATUS,
                Sizeof.cl_int,
                Pointer.to(status),
                null));
    return status[0];
  }

  @Override
  public CompletableFuture<Void> toCompletableFuture() {
    lifetime.use();
    return CompletableFuture.runAsync(
        () -> {
          try {
            waitForResults();
          } finally {
            lifetime.done();
          }
        },
        WAITING);
  }

  @Override
  public Optional<Times> times() {
    if (!takesTimes) {
      return Optional.empty(); // some drivers would tell some all the same
    }
    lifetime.use();
    try {
      waitForIt();
      return Optional.of(
          new Times(
              KernelTimes.time(calls, first, CL.CL_PROFILING_COMMAND_QUEUED),
              KernelTimes.time(calls, first, CL.CL_PROFILING_COMMAND_SUBMIT),
              KernelTimes.time(calls, first, CL.CL_PROFILING_COMMAND_END),
              KernelTimes.time(calls, last, CL.CL_PROFILING_COMMAND_END)));
    } finally {
      lifetime.done();
    }
  }

  @Override
  public void close() {
    handle.close();
  }
}
