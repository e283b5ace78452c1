package io.github.clpool.tensor;

import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts everything that must be closed and reports what was not. Thread-safe.
 *
 * <p>A handle whose owner was garbage collected unclosed is released and logged once as a warning;
 * with the system property {@value #TRACE_PROPERTY} set to {@code true} the warning shows the stack
 * of its creation.
 */
public final class Handles {
  /** Set to {@code true}, every handle remembers where it was made. */
  public static final String TRACE_PROPERTY = "clpool.leaks.trace";

  private static final Logger LOG = LoggerFactory.getLogger(Handles.class);
  private static final Cleaner CLEANER = Cleaner.create();
  private static final AtomicLong LIVE = new AtomicLong();

  private Handles() {}

  /**
   * The number of handles that are open now.
   *
   * @return the number, 0 when everything was closed
   */
  public static long live() {
    return LIVE.get();
  }

  /**
   * Registers something that must be closed.
   *
   * @param owner the object whose garbage collection means a leak
   * @param description what it is, for the report
   * @param release frees it; must not refer to the owner
   * @return the handle, closed by the owner's {@code close()}
   */
  public static Handle open(Object owner, String description, Runnable release) {
    return register(owner, description, release, true);
  }

  /**
   * Registers what is most often kept, and closed, by something that is counted itself: it is
   * released and reported like the others, but {@link #live} does not count it.
   *
   * @param owner the object whose garbage collection means a leak
   * @param description what it is, for the report
   * @param release frees it; must not refer to the owner
   * @return the handle, closed by the owner's {@code close()}
   */
  public static Handle openUncounted(Object owner, String description, Runnable release) {
    return register(owner, description, release, false);
  }

  private static Handle register(
      Object owner, String description, Runnable release, boolean counts) {
    Require.present("owner", owner);
    Handle handle =
        new Handle(
            Require.present("description", description),
            Require.present("release", release),
            counts);
    handle.cleanable = CLEANER.register(owner, handle::leaked);
    return handle;
  }

  /** One open thing. Closing is idempotent and thread-safe. */
  public static final class Handle implements AutoCloseable {
    private final String description;
    private final Runnable release;
    private final boolean counts;
    private final Throwable creation;
    private final AtomicBoolean closed = new AtomicBoolean();
    private Cleaner.Cleanable cleanable;

    private Handle(String description, Runnable release, boolean counts) {
      this.description = description;
      this.release = release;
      this.counts = counts;
      this.creation = Boolean.getBoolean(TRACE_PROPERTY) ? new Throwable("created here") : null;
      LIVE.addAndGet(counts ? 1 : 0);
    }

    /**
     * Whether the handle was closed.
     *
     * @return true from the first {@link #close} on
     */
    public boolean isClosed() {
      return closed.get();
    }

    @Override
    public void close() {
      if (releaseOnce()) {
        cleanable.clean(); // forgets the handle: the leak report finds it closed
      }
    }

    private void leaked() {
      if (releaseOnce()) {
        LOG.warn(
            "{} was never closed{}",
            description,
            creation == null ? "; -D" + TRACE_PROPERTY + "=true shows where it was made" : "",
            creation);
      }
    }

    private boolean releaseOnce() {
      if (!closed.compareAndSet(false, true)) {
        return false;
      }
      LIVE.addAndGet(counts ? -1 : 0);
      release.run();
      return true;
    }
  }
}
