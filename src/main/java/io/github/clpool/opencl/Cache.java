package io.github.clpool.opencl;

import io.github.clpool.backend.KernelBuildException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A bounded map of values that are made on demand, each by one thread while others that want it
 * wait; the least recently used are dropped. A kernel that does not build is remembered like a
 * value, other failures are not. Thread-safe.
 */
final class Cache<K, V> {
  private final int capacity;
  private final Function<K, V> make;
  private final Consumer<V> drop;
  private final LinkedHashMap<K, CompletableFuture<V>> entries =
      new LinkedHashMap<>(16, 0.75f, true);

  Cache(int capacity, Function<K, V> make, Consumer<V> drop) {
    this.capacity = capacity;
    this.make = make;
    this.drop = drop;
  }

  V get(K key) {
    CompletableFuture<V> mine = null;
    CompletableFuture<V> entry;
    List<CompletableFuture<V>> old = new ArrayList<>(0);
    synchronized (entries) {
      entry = entries.get(key);
      if (entry == null) {
        entry = mine = new CompletableFuture<>();
        entries.put(key, entry);
        trim(capacity, old);
      }
    }
    old.forEach(this::drop);
    if (mine != null) {
      try {
        mine.complete(make.apply(key));
      } catch (RuntimeException | Error failed) {
        if (!(failed instanceof KernelBuildException)) {
          forget(key, mine);
        }
        mine.completeExceptionally(failed);
      }
    }
    return joined(entry);
  }

  private void forget(K key, CompletableFuture<V> entry) {
    synchronized (entries) {
      entries.remove(key, entry);
    }
  }

  private V joined(CompletableFuture<V> entry) {
    try {
      return entry.join();
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw (Error) failed.getCause();
    }
  }

  int size() {
    synchronized (entries) {
      return entries.size();
    }
  }

  void clear() {
    List<CompletableFuture<V>> old = new ArrayList<>();
    synchronized (entries) {
      trim(0, old);
    }
    old.forEach(this::drop);
  }

  private void trim(int size, List<CompletableFuture<V>> old) {
    var eldest = entries.entrySet().iterator();
    while (entries.size() > size) {
      Map.Entry<K, CompletableFuture<V>> entry = eldest.next();
      old.add(entry.getValue());
      eldest.remove();
    }
  }

  /** Also right for an entry that is still being made: it is dropped when it is there. */
  private void drop(CompletableFuture<V> entry) {
    entry.thenAccept(drop);
  }
}
