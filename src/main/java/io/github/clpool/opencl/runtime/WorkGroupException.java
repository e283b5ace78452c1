package io.github.clpool.opencl.runtime;

import io.github.clpool.backend.DeviceException;

/** A kernel is made for a larger work-group than it takes, which shows only when it is built. */
public final class WorkGroupException extends DeviceException {
  private static final long serialVersionUID = 1L;

  private final long most;

  WorkGroupException(String message, long most) {
    super(message);
    this.most = most;
  }

  /** The most work-items that the built kernel takes. */
  public long most() {
    return most;
  }
}
