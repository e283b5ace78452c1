package io.github.clpool.opencl.runtime;

import io.github.clpool.backend.Arguments;
import io.github.clpool.op.Role;
import io.github.clpool.opencl.plan.KernelArgument.CallTables;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Tables that the host made from tensors, kept as long as these hold the same: so only the first
 * call with a graph waits for the queue to read it. Thread-safe.
 */
final class KeptTables {
  /** All tables have at most so many numbers, 32 MiB; the least recently used are dropped. */
  private static final long MOST_NUMBERS = 1 << 23;

  /** What an entry takes beside its tables, about. */
  private static final long ENTRY = 256;

  /** What lies where since when. */
  private record Content(long since, Rows rows) {}

  private record Key(CallTables maker, List<Content> from) {}

  private final Map<Key, List<int[]>> kept = new LinkedHashMap<>(16, 0.75f, true);
  private long numbers;

  /** The tables of a call. */
  List<int[]> of(CallTables maker, Arguments arguments) {
    Key key = key(maker, arguments); // before anything is read
    if (key == null) {
      return maker.of(arguments);
    }
    List<int[]> tables;
    synchronized (this) {
      tables = kept.get(key);
    }
    if (tables == null) {
      tables = maker.of(arguments);
      keep(key, tables);
    }
    return tables;
  }

  /** Null if others than this backend may write what the tables are made from. */
  private static Key key(CallTables maker, Arguments arguments) {
    List<Content> from = new ArrayList<>();
    for (Role role : maker.reads()) {
      OpenClStorage storage = (OpenClStorage) arguments.get(role).storage();
      OptionalLong since = storage.unchangedSince();
      if (since.isEmpty()) {
        return null;
      }
      from.add(new Content(since.getAsLong(), storage.region().rows()));
    }
    return new Key(maker, from);
  }

  private synchronized void keep(Key key, List<int[]> tables) {
    if (kept.putIfAbsent(key, tables) != null) {
      return;
    }
    numbers += numbers(tables);
    Iterator<List<int[]>> eldest = kept.values().iterator();
    while (numbers > MOST_NUMBERS) {
      numbers -= numbers(eldest.next());
      eldest.remove();
    }
  }

  private static long numbers(List<int[]> tables) {
    return ENTRY + tables.stream().mapToLong(table -> table.length).sum();
  }
}
