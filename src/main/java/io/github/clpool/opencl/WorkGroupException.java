package io.github.clpool.opencl;

import io.github.clpool.backend.DeviceException;

/** A kernel is made for a larger work-group than it takes, which shows only when it is built. */
final class WorkGroupException extends DeviceException {
  private static final long serialVersionUID = 1L;

  private final long most;

  WorkGroupException(String message, long most) {
    super(message);
    this.most = most;
  }

  /** The most work-items that the built kernel takes. */
  long most() {
    return most;
  }
}
