package io.github.clpool.backend;

import io.github.clpool.tensor.Require;
import java.util.List;
import java.util.function.Consumer;

/**
 * Counts the users of something and frees it once it is closed and nobody uses it, so that closing
 * in one thread never pulls memory from under another. Thread-safe.
 */
public final class Lifetime {
  private final String name;
  private final Runnable free;
  private int users = 1; // the owner, until it closes
  private boolean closed;

  /**
   * Begins with the owner as the only user.
   *
   * @param name what it is, for the message of {@link #use}
   * @param free frees it, called once
   */
  public Lifetime(String name, Runnable free) {
    this.name = Require.present("name", name);
    this.free = Require.present("free", free);
  }

  /**
   * Begins a use; each must be ended by {@link #done}.
   *
   * @throws IllegalStateException if the owner has closed it
   */
  public void use() {
    if (!tryUse()) {
      throw new IllegalStateException(name + " is closed");
    }
  }

  /**
   * Begins a use, if that is possible.
   *
   * @return false if the owner has closed it, and nothing was begun
   */
  public synchronized boolean tryUse() {
    if (closed) {
      return false;
    }
    users++;
    return true;
  }

  /** Ends a use; the last one frees what the owner has closed. */
  public void done() {
    boolean last;
    synchronized (this) {
      last = --users == 0;
    }
    if (last) {
      free.run();
    }
  }

  /**
   * Frees several things: each of them, whatever is thrown by those before it.
   *
   * @param things what is freed, in this order
   * @param free frees one
   * @param <T> what they are
   * @throws RuntimeException the first that was thrown, which has the others with it; or an {@link
   *     Error}
   */
  public static <T> void freeAll(Iterable<T> things, Consumer<? super T> free) {
    Require.present("things", things);
    Require.present("free", free);
    Throwable first = null;
    for (T thing : things) {
      try {
        free.accept(thing);
      } catch (RuntimeException | Error failed) {
        if (first == null) {
          first = failed;
        } else if (first != failed) {
          first.addSuppressed(failed);
        }
      }
    }
    if (first instanceof Error error) {
      throw error;
    } else if (first != null) {
      throw (RuntimeException) first;
    }
  }

  /**
   * The same for steps.
   *
   * @param steps each frees something
   */
  public static void freeAll(Runnable... steps) {
    freeAll(List.of(Require.present("steps", steps)), Runnable::run);
  }

  /** Ends the owner's use; further calls do nothing. */
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    done();
  }
}
