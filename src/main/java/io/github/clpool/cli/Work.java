package io.github.clpool.cli;

/** What can be started again and again and waited for. Must be closed. */
interface Work extends Runnable, AutoCloseable {
  /** Starts it once more; it may be over before this returns. */
  void start();

  /** Waits for everything that was started. */
  void finish();

  /** What it reads and writes each time. */
  long bytes();

  @Override
  default void run() {
    start();
    finish();
  }

  @Override
  void close();
}
