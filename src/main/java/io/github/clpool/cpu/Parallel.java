package io.github.clpool.cpu;

import java.util.concurrent.ForkJoinPool;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Runs independent items on the threads of the common pool, small work in the caller's thread. No
 * result depends on it. Immutable.
 *
 * @param threshold the least number of elements read and written that is worth a second thread
 */
record Parallel(long threshold) {
  /** Some 20 microseconds of work: what it costs to wake a thread, several times over. */
  private static final long DEFAULT_THRESHOLD = 1 << 15;

  /** Chunks per thread, so that a thread that is held up leaves work for the others. */
  private static final int CHUNKS = 4;

  static final Parallel DEFAULT = new Parallel(DEFAULT_THRESHOLD);

  /** What is done with one item. */
  @FunctionalInterface
  interface Task<W> {
    void run(W workspace, int item);
  }

  /**
   * Runs a task for the items from 0 on.
   *
   * @param items how many items
   * @param elements how many elements all of them read and write
   * @param workspaces makes scratch memory for each thread
   * @param task what to do
   */
  <W> void run(int items, long elements, Supplier<W> workspaces, Task<W> task) {
    run(items, elements, new Workspaces<>(workspaces), task);
  }

  /** Runs a task for the items from 0 on, in scratch memory that is kept from call to call. */
  <W> void run(int items, long elements, Workspaces<W> workspaces, Task<W> task) {
    if (elements < threshold || items < 2) {
      run(0, items, workspaces, task);
      return;
    }
    int threads = ForkJoinPool.getCommonPoolParallelism() + 1;
    int chunks = Math.min(items, threads * CHUNKS);
    IntStream.range(0, chunks)
        .parallel()
        .forEach(
            chunk -> {
              int first = (int) ((long) chunk * items / chunks);
              int end = (int) ((chunk + 1L) * items / chunks);
              run(first, end, workspaces, task);
            });
  }

  private static <W> void run(int first, int end, Workspaces<W> workspaces, Task<W> task) {
    if (first < end) {
      W workspace = workspaces.take(); // one that a failed task leaves is not used again
      for (int item = first; item < end; item++) {
        task.run(workspace, item);
      }
      workspaces.giveBack(workspace);
    }
  }
}
