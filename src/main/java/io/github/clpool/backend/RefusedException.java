package io.github.clpool.backend;

/** No implementation of those that were asked for takes a call; the message says why not. */
public final class RefusedException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  RefusedException(String message) {
    super(message);
  }
}
