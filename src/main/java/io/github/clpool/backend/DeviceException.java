package io.github.clpool.backend;

/** A device could not be found, opened or used: names the device, the call and the error code. */
public class DeviceException extends PoolingException {
  private static final long serialVersionUID = 1L;

  /**
   * A failure.
   *
   * @param message the device, the call and the error
   */
  public DeviceException(String message) {
    super(message);
  }

  /**
   * A failure with its cause.
   *
   * @param message the device, the call and the error
   * @param cause why
   */
  public DeviceException(String message, Throwable cause) {
    super(message, cause);
  }
}
