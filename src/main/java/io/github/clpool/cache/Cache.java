package io.github.clpool.cache;

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
 *
 * @param <K> what a value depends on
 * @param <V> the values
 */
public final class Cache<K, V> {
  private final String owner;
  private final Function<K, V> make;
  private final Consumer<V> drop;
  private final LinkedHashMap<K, CompletableFuture<V>> entries =
      new LinkedHashMap<>(16, 0.75f, true);
  private final int capacity;
  private boolean closed;

  /**
   * Makes an empty cache.
   *
   * @param owner whose values these are, for the message of {@link #get} once it is closed
   * @param capacity the most values that are kept
   * @param make makes a value
   * @param drop is told what is not kept any more, once for each value
   */
  public Cache(String owner, int capacity, Function<K, V> make, Consumer<V> drop) {
    this.owner = owner;
    this.capacity = capacity;
    this.make = make;
    this.drop = drop;
  }

  /**
   * A value, which is made if it is not there. It may be dropped at any time.
   *
   * @param key what it depends on
   * @return the value
   * @throws IllegalStateException if the cache is closed, so that nobody asks for ever for a value
   *     that was not dropped
   */
  public V get(K key) {
    CompletableFuture<V> mine = null;
    CompletableFuture<V> entry;
    List<CompletableFuture<V>> old = List.of();
    synchronized (entries) {
      if (closed) {
        throw new IllegalStateException(owner + " is closed");
      }
      entry = entries.get(key);
      if (entry == null) {
        entry = mine = new CompletableFuture<>();
        entries.put(key, entry);
        old = trim(capacity);
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

  /**
   * What a task made, or what it threw.
   *
   * @param task may still be going on
   * @param <T> what it makes
   * @return what it made
   */
  public static <T> T joined(CompletableFuture<T> task) {
    try {
      return task.join();
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw (Error) failed.getCause();
    }
  }

  /**
   * The number of values.
   *
   * @return how many are kept or being made
   */
  public int size() {
    synchronized (entries) {
      return entries.size();
    }
  }

  /** Drops every value; from now on none is made. */
  public void close() {
    List<CompletableFuture<V>> old;
    synchronized (entries) {
      closed = true;
      old = trim(0);
    }
    old.forEach(this::drop);
  }

  private List<CompletableFuture<V>> trim(int size) {
    List<CompletableFuture<V>> old = new ArrayList<>();
    var eldest = entries.entrySet().iterator();
    while (entries.size() > size) {
      Map.Entry<K, CompletableFuture<V>> entry = eldest.next();
      old.add(entry.getValue());
      eldest.remove();
    }
    return old;
  }

  /** Also right for an entry that is still being made: it is dropped when it is there. */
  private void drop(CompletableFuture<V> entry) {
    entry.thenAccept(drop);
  }
}
