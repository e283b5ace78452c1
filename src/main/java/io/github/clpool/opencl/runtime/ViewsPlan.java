package io.github.clpool.opencl.runtime;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.Plan;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.Producer;
import io.github.clpool.tensor.Require;
import java.util.function.Supplier;

/**
 * A plan for dense tensors, and another one for calls with views, which is made for the first of
 * them. Thread-safe.
 */
final class ViewsPlan implements Plan {
  private static final Role[] ROLES = Role.values();

  private final Plan dense;
  private final Supplier<Plan> maker;
  private volatile Plan ofViews; // null until it was needed
  private volatile boolean isClosed;

  ViewsPlan(Plan dense, Supplier<Plan> maker) {
    this.dense = dense;
    this.maker = maker;
  }

  @Override
  public Producer producer() {
    return dense.producer();
  }

  @Override
  public boolean tryRun(Arguments arguments) {
    Require.present("arguments", arguments);
    if (!haveViews(arguments)) {
      return dense.tryRun(arguments);
    }
    Plan plan = ofViews;
    if (plan == null) {
      plan = made();
    }
    return plan != null && plan.tryRun(arguments);
  }

  private static boolean haveViews(Arguments arguments) {
    for (Role role : ROLES) {
      if (arguments.has(role) && ((OpenClStorage) arguments.get(role).storage()).isView()) {
        return true;
      }
    }
    return false;
  }

  /** Null, or a closed plan, if this was closed. */
  private Plan made() {
    synchronized (maker) { // closing does not wait for it
      if (ofViews == null && !isClosed) {
        keep(maker.get());
      }
    }
    return ofViews;
  }

  private synchronized void keep(Plan made) {
    ofViews = made;
    if (isClosed) {
      made.close();
    }
  }

  @Override
  public synchronized void close() {
    isClosed = true;
    dense.close();
    if (ofViews != null) {
      ofViews.close();
    }
  }
}
