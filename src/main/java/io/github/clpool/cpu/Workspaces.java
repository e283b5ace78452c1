package io.github.clpool.cpu;

import java.lang.ref.SoftReference;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/**
 * Scratch memory that threads take and give back, so that there is no more of it than threads that
 * work at a time: clearing new memory may take longer than what it is needed for. What is idle is
 * given up where memory is short. Thread-safe.
 */
final class Workspaces<W> {
  private final Supplier<W> maker;
  private volatile SoftReference<Queue<W>> idle = new SoftReference<>(null);

  Workspaces(Supplier<W> maker) {
    this.maker = maker;
  }

  W take() {
    Queue<W> queue = idle.get();
    W workspace = queue == null ? null : queue.poll();
    return workspace == null ? maker.get() : workspace;
  }

  void giveBack(W workspace) {
    if (workspace == null) { // a task that needs none
      return;
    }
    Queue<W> queue = idle.get();
    if (queue == null) { // two threads that find none lose a workspace, which does no harm
      queue = new ConcurrentLinkedQueue<>();
      idle = new SoftReference<>(queue);
    }
    queue.add(workspace);
  }
}
