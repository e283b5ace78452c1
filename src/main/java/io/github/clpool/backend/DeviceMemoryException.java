package io.github.clpool.backend;

import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Require;

/**
 * A device has not the memory that was asked for, or that its driver needs for a call: tells the
 * request and the limit where they are known.
 */
public final class DeviceMemoryException extends DeviceException {
  private static final long serialVersionUID = 1L;

  /** The bytes that were asked for. */
  private final long asked;

  /** The bytes that there can be. */
  private final long limit;

  /**
   * A request that a limit forbids.
   *
   * @param message the device, the request and the limit
   * @param asked the bytes asked for
   * @param limit the bytes that could be had
   */
  public DeviceMemoryException(String message, long asked, long limit) {
    super(message);
    this.asked = asked;
    this.limit = limit;
  }

  /**
   * A request that was in vain.
   *
   * @param message the device, the request and the limit
   * @param asked the bytes asked for
   * @param limit the bytes that could be had at most
   * @param cause what refused them
   */
  public DeviceMemoryException(String message, long asked, long limit, Throwable cause) {
    super(message, cause);
    this.asked = asked;
    this.limit = limit;
  }

  /**
   * The bytes of a tensor, for a request.
   *
   * @param type the element type
   * @param elements how many
   * @return their bytes, or the greatest number where they are more
   */
  public static long bytes(DataType type, long elements) {
    Require.present("type", type);
    return elements > Long.MAX_VALUE / type.bytes() ? Long.MAX_VALUE : elements * type.bytes();
  }

  /**
   * The request.
   *
   * @return the bytes asked for, 0 where a driver does not say what it lacked them for
   */
  public long asked() {
    return asked;
  }

  /**
   * The limit.
   *
   * @return the bytes that could be had, 0 where it is not known
   */
  public long limit() {
    return limit;
  }
}
