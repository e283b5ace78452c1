package io.github.clpool.backend;

/** Something failed that is not the caller's mistake; the base of all such failures. */
public class PoolingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * A failure.
   *
   * @param message what failed
   */
  public PoolingException(String message) {
    super(message);
  }

  /**
   * A failure with its cause.
   *
   * @param message what failed
   * @param cause why
   */
  public PoolingException(String message, Throwable cause) {
    super(message, cause);
  }
}
