package io.github.clpool.cache;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.Backend;
import io.github.clpool.backend.Plan;
import io.github.clpool.backend.Preference;
import io.github.clpool.op.Problem;
import io.github.clpool.tensor.Producer;

/**
 * The plans of a backend that were asked for last, and what makes the others again. Must be closed
 * after the backend, which then frees itself. Thread-safe.
 */
public final class Plans implements AutoCloseable {
  private static final int MOST = 256;

  private final Backend backend;
  private final boolean logsCalls = CallLog.isWanted();
  private final Cache<Key, Plan> cache;

  /** What a plan depends on. */
  private record Key(Problem problem, Preference preference) {}

  /**
   * Keeps no plan yet.
   *
   * @param backend what makes them
   */
  public Plans(Backend backend) {
    this.backend = backend;
    this.cache =
        new Cache<>(
            "backend", MOST, key -> backend.plan(key.problem(), key.preference()), Plan::close);
  }

  /**
   * A plan that lasts as long as its backend: it is made again when it was dropped from here.
   *
   * @param problem the problem
   * @param preference the caller's wishes
   * @return the plan, which needs no closing
   * @throws IllegalArgumentException if no implementation accepts, with the reasons
   */
  public Plan get(Problem problem, Preference preference) {
    Plan plan = new Lasting(new Key(problem, preference));
    return logsCalls ? new CallLog(backend, problem, plan) : plan;
  }

  private final class Lasting implements Plan {
    private final Key key;
    private volatile Plan latest;

    private Lasting(Key key) {
      this.key = key;
      this.latest = cache.get(key);
    }

    @Override
    public Producer producer() {
      return latest.producer();
    }

    @Override
    public boolean tryRun(Arguments arguments) {
      while (!latest.tryRun(arguments)) {
        latest = cache.get(key);
      }
      return true;
    }

    @Override
    public void close() {
      // the cache does
    }
  }

  /** Closes every plan. */
  @Override
  public void close() {
    cache.close();
  }
}
