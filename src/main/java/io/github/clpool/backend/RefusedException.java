package io.github.clpool.backend;

/**
 * A device cannot compute a call, which only the call's values say: it is found when the call runs,
 * before anything is written. Immutable.
 */
public final class RefusedException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /**
   * Says why.
   *
   * @param message what was asked for, and what the device's limit is
   */
  public RefusedException(String message) {
    super(message);
  }
}
