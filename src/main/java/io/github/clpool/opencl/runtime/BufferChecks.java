package io.github.clpool.opencl.runtime;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.jocl.cl_mem;

/**
 * What the parts of a buffer may be bad by: the checks of the calls that wrote them; and when it
 * was written. All storages in a foreign buffer share them. Thread-safe.
 */
final class BufferChecks {
  private static final AtomicLong TIME = new AtomicLong();

  /** What was written together. */
  private record Part(Rows rows, List<FaultCheck> checks) {
    boolean isClean() {
      return checks.stream().allMatch(FaultCheck::isClean);
    }
  }

  private volatile List<Part> parts = List.of(); // the part that was written last is the last
  private volatile long changed = TIME.incrementAndGet();
  private volatile long arrived;
  private volatile boolean othersWrite;

  /**
   * When the buffer got what is in it, a time that no other buffer has; empty if others may have
   * changed it. Whoever reads afterwards reads that, or what is later.
   */
  OptionalLong unchangedSince() {
    return othersWrite ? OptionalLong.empty() : OptionalLong.of(changed);
  }

  /** Something else is in the buffer, or will be; returns when. */
  long change() {
    long now = TIME.incrementAndGet();
    changed = now;
    return now;
  }

  /** What came into the buffer then, and all before it, has arrived. */
  void arrived(long when) {
    arrived = when;
  }

  /** Whether another queue may read the buffer: nothing is under way to it, nor may be bad. */
  boolean hasArrived() {
    return !othersWrite && arrived == changed && parts.isEmpty();
  }

  /** From now on others may change the buffer, too. */
  void letOthersWrite() {
    othersWrite = true;
  }

  /** What a part may be bad by. */
  List<FaultCheck> of(Rows rows) {
    List<Part> written = parts;
    List<FaultCheck> all = List.of();
    for (int i = written.size() - 1; i >= 0; i--) {
      Part part = written.get(i);
      if (part.rows().overlaps(rows)) {
        all = all.isEmpty() ? part.checks() : FaultChecks.union(all, part.checks());
      }
      if (part.rows().covers(rows)) {
        break; // it was overwritten
      }
    }
    return all;
  }

  /** A part is written by work that ends with these checks; returns when. */
  long written(Rows rows, List<FaultCheck> checks) {
    long when = change();
    if (checks.isEmpty() && parts.isEmpty()) {
      return when;
    }
    synchronized (this) {
      List<Part> now = new ArrayList<>(parts);
      now.removeIf(part -> rows.covers(part.rows()));
      now.add(new Part(rows, checks));
      while (!now.isEmpty() && now.get(0).isClean()) {
        now.remove(0);
      }
      parts = List.copyOf(now);
    }
    return when;
  }

  /**
   * Those of the foreign buffers that some storage is in, which cannot be freed meanwhile, so that
   * their handles are theirs. Thread-safe.
   */
  static final class Foreign {
    private static final class Shared {
      private final BufferChecks checks = new BufferChecks();
      private int storages;
    }

    private final Map<Long, Shared> shared = new HashMap<>();

    /** Counts one storage more in a buffer. */
    synchronized BufferChecks use(cl_mem root) {
      Shared known = shared.computeIfAbsent(root.getNativePointer(), handle -> new Shared());
      known.checks.letOthersWrite();
      known.storages++;
      return known.checks;
    }

    /** Counts one less. */
    synchronized void done(cl_mem root) {
      shared.computeIfPresent(
          root.getNativePointer(), (handle, known) -> --known.storages == 0 ? null : known);
    }

    synchronized boolean isEmpty() {
      return shared.isEmpty();
    }
  }
}
