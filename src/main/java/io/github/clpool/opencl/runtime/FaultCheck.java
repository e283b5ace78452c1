package io.github.clpool.opencl.runtime;

import io.github.clpool.backend.DeviceException;
import io.github.clpool.backend.Lifetime;
import io.github.clpool.op.Role;
import io.github.clpool.opencl.plan.KernelArgument;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_event;

/**
 * Whether the kernels of a call found something wrong, which is known once they ran. Whoever awaits
 * a result of the call awaits this. Thread-safe.
 */
final class FaultCheck {
  private final FaultChecks checks;
  private final Calls calls;
  private final Memory.Allocation number;
  private final cl_event ran; // the kernels that were given it
  private final KernelArgument.Fault.Report report;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile Map<Role, QuotedTensor> quoted;
  private RuntimeException fault; // null where nothing is wrong
  private volatile boolean isKnown;

  /** Owns the number, the event and the quoted tensors' uses from now on. */
  FaultCheck(
      FaultChecks checks,
      Calls calls,
      Memory.Allocation number,
      cl_event ran,
      KernelArgument.Fault.Report report,
      Map<Role, QuotedTensor> quoted) {
    this.checks = checks;
    this.calls = calls;
    this.number = number;
    this.ran = ran;
    this.report = report;
    this.quoted = quoted;
  }

  /** Waits for the kernels and throws what they found, as often as it is called. */
  void await() {
    settle();
    if (fault != null) {
      checks.told(this);
      throw fault;
    }
  }

  /** Whether it is known that nothing is wrong. */
  boolean isClean() {
    return isKnown && fault == null;
  }

  RuntimeException fault() {
    return fault;
  }

  /**
   * Waits for the kernels.
   *
   * @throws io.github.clpool.backend.DeviceException if that fails
   */
  void settle() {
    if (isKnown) {
      return;
    }
    lock.lock();
    try {
      if (!isKnown) {
        int code = Calls.code(() -> CL.clWaitForEvents(1, new cl_event[] {ran}));
        int status = code == CL.CL_SUCCESS ? CL.CL_COMPLETE : status();
        if (status > CL.CL_COMPLETE) { // it is the wait that failed, not the work
          throw calls.failure("clWaitForEvents", code);
        }
        resolve(status);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Finds out without waiting, if that is possible; returns whether it is known now. */
  boolean poll() {
    if (!isKnown && lock.tryLock()) {
      try {
        int status = isKnown ? CL.CL_QUEUED : status();
        if (status <= CL.CL_COMPLETE) {
          resolve(status);
        }
      } finally {
        lock.unlock();
      }
    }
    return isKnown;
  }

  private int status() {
    int[] status = new int[1];
    int code =
        Calls.code(
            () ->
                CL.clGetEventInfo(
                    ran,
                    CL.CL_EVENT_COMMAND_EXECUTION_STATUS,
                    Sizeof.cl_int,
                    Pointer.to(status),
                    null));
    return code == CL.CL_SUCCESS ? status[0] : CL.CL_QUEUED;
  }

  /** Ends waiting for work that can no longer be awaited, because the device failed. */
  void abandon() {
    lock.lock();
    try {
      if (!isKnown) {
        resolve(CL.CL_INVALID_EVENT);
      }
    } finally {
      lock.unlock();
    }
  }

  /** With the lock; may be tried again if the device fails to tell. */
  private void resolve(int status) {
    if (status == CL.CL_COMPLETE) {
      OptionalLong position = checks.position(number);
      fault = position.isPresent() ? explain(position.getAsLong()) : null;
    } else {
      fault = calls.failure("work in the queue", status);
    }
    Lifetime.freeAll(
        () -> Calls.code(() -> CL.clReleaseEvent(ran)),
        () -> checks.known(this, number),
        this::releaseQuoted,
        () -> isKnown = true);
  }

  private void releaseQuoted() {
    Map<Role, QuotedTensor> released = quoted;
    quoted = Map.of();
    Lifetime.freeAll(released.values(), QuotedTensor::release);
  }

  private RuntimeException explain(long position) {
    try {
      return checks.explain(report, position, quoted);
    } catch (DeviceException mayPass) {
      throw mayPass;
    } catch (RuntimeException failed) { // there is something wrong, but what cannot be told
      return failed;
    }
  }

  long quotedBytes() {
    return quoted.values().stream().mapToLong(QuotedTensor::bytes).sum();
  }

  /** Whether it would quote what a storage holds. */
  boolean quotes(OpenClStorage storage) {
    Map<Role, QuotedTensor> tensors = quoted;
    return tensors.values().stream().anyMatch(each -> each.isIn(storage));
  }
}
