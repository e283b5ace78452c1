package io.github.clpool.opencl.device;

import java.util.function.Predicate;
import java.util.function.Supplier;

/** Something that is found out once, or again as long as what was found need not last. */
public final class Remembered<T> {
  private final Supplier<T> find;
  private final Predicate<T> lasts;
  private T found;

  public Remembered(Supplier<T> find, Predicate<T> lasts) {
    this.find = find;
    this.lasts = lasts;
  }

  public synchronized T get() {
    if (found != null) {
      return found;
    }
    T now = find.get();
    if (lasts.test(now)) {
      found = now;
    }
    return now;
  }
}
