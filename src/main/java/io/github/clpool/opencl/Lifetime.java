package io.github.clpool.opencl;

/**
 * Counts the users of something native and frees it once it is closed and nobody uses it, so that
 * closing in one thread never pulls memory from under another. Thread-safe.
 */
final class Lifetime {
  private final String name;
  private final Runnable free;
  private int users = 1; // the owner, until it closes
  private boolean closed;

  /** The name is for the message of {@link #use}. */
  Lifetime(String name, Runnable free) {
    this.name = name;
    this.free = free;
  }

  /** Begins a use; each must be ended by {@link #done}. */
  void use() {
    if (!tryUse()) {
      throw new IllegalStateException(name + " is closed");
    }
  }

  synchronized boolean tryUse() {
    if (closed) {
      return false;
    }
    users++;
    return true;
  }

  void done() {
    boolean last;
    synchronized (this) {
      last = --users == 0;
    }
    if (last) {
      free.run();
    }
  }

  void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    done();
  }
}
