package io.github.clpool.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Equal works on memory of their own, in turn, so that caches hold nothing of the next one. */
final class Rotation<W extends Work> implements Work {
  private static final int MOST = 16;

  private final List<W> works = new ArrayList<>();
  private int next;

  /** Makes works until all of them have so many bytes; one at least, and not too many. */
  Rotation(long bytes, Supplier<W> maker) {
    try {
      for (long all = 0; works.isEmpty() || all < bytes && works.size() < MOST; all += bytes()) {
        works.add(maker.get());
        works.get(works.size() - 1).run(); // now it has its memory
      }
    } catch (Throwable failed) {
      close();
      throw failed;
    }
  }

  W first() {
    return works.get(0);
  }

  @Override
  public void start() {
    works.get(next).start();
    next = (next + 1) % works.size();
  }

  @Override
  public void finish() {
    first().finish();
  }

  @Override
  public long bytes() {
    return first().bytes();
  }

  @Override
  public void close() {
    works.forEach(Work::close);
  }
}
