package io.github.clpool.tensor;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Work that a device was given, until it is done. Must be closed, which waits for nothing.
 * Thread-safe.
 *
 * <pre>{@code
 * try (Completion pooled = pooling.enqueue(() -> max.run(x, y))) {
 *   prepareTheNextPicture();
 *   pooled.await();
 * }
 * }</pre>
 */
public interface Completion extends AutoCloseable {
  /**
   * Waits until the work is done.
   *
   * @throws RuntimeException if the device failed; a {@code DeviceException} says how. Or if its
   *     kernels found bad data, such as an index outside its plane, in this work or in what its
   *     inputs were computed from
   */
  void await();

  /**
   * Whether {@link #await} would return, or throw, at once.
   *
   * @return true once the work is done or has failed
   */
  boolean isDone();

  /**
   * The same as a future, which ends exceptionally where {@link #await} throws. It may be used
   * after this object was closed.
   *
   * @return a future that ends with the work; cancelling it stops nothing
   */
  CompletableFuture<Void> toCompletableFuture();

  /**
   * When the work was done. Waits for it.
   *
   * @return the times; empty if the device's queue takes none
   */
  Optional<Times> times();

  /** Gives back what the device keeps for it; further calls do nothing. */
  @Override
  void close();

  /**
   * Moments in the life of a piece of work, in nanoseconds of the device's own clock, which begins
   * anywhere.
   *
   * @param queued when the queue got it
   * @param submitted when the device got it
   * @param started when all that it had to wait for was done
   * @param ended when it was done
   */
  record Times(long queued, long submitted, long started, long ended) {}

  /**
   * Makes calls that are done when they return.
   *
   * @param calls the calls; what they throw is thrown
   * @return the completion of their work
   */
  static Completion after(Runnable calls) {
    Require.present("calls", calls);
    long started = System.nanoTime();
    calls.run();
    long ended = System.nanoTime();
    return done(Optional.of(new Times(started, started, started, ended)));
  }

  /**
   * Work that is done already.
   *
   * @param times when it was done, if that is known
   * @return the completion
   */
  static Completion done(Optional<Times> times) {
    Require.present("times", times);
    return new Completion() {
      @Override
      public void await() {
        // it is done
      }

      @Override
      public boolean isDone() {
        return true;
      }

      @Override
      public CompletableFuture<Void> toCompletableFuture() {
        return CompletableFuture.completedFuture(null);
      }

      @Override
      public Optional<Times> times() {
        return times;
      }

      @Override
      public void close() {
        // it holds nothing
      }
    };
  }
}
