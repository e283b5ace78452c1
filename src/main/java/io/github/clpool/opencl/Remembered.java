package io.github.clpool.opencl;

import java.util.function.Predicate;
import java.util.function.Supplier;

/** Something that is found out once, or again as long as what was found need not last. */
final class Remembered<T> {
  private final Supplier<T> find;
  private final Predicate<T> lasts;
  private T found;

  Remembered(Supplier<T> find, Predicate<T> lasts) {
    this.find = find;
    this.lasts = lasts;
  }

  synchronized T get() {
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
