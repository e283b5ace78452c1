package io.github.clpool.opencl.runtime;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.Lifetime;
import io.github.clpool.op.Role;
import io.github.clpool.opencl.plan.KernelArgument.CallTables;
import io.github.clpool.tensor.Tensor;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Tables that the host made from tensors, kept as long as these hold the same. What the host wrote,
 * such as most graphs, it reads beside the queue, which may be waiting for somebody. Thread-safe.
 */
final class KeptTables {
  /** All tables have at most so many numbers, 32 MiB; the least recently used are dropped. */
  private static final long MOST_NUMBERS = 1 << 23;

  /** What an entry takes beside its tables, about. */
  private static final long ENTRY = 256;

  /** What lies where since when. */
  private record Content(long since, Rows rows) {}

  private record Key(CallTables maker, List<Content> from) {}

  private final FaultChecks checks;
  private final Map<Key, List<int[]>> kept = new LinkedHashMap<>(16, 0.75f, true);
  private long numbers;

  KeptTables(FaultChecks checks) {
    this.checks = checks;
  }

  /** The tables of a call. */
  List<int[]> of(CallTables maker, Arguments arguments) {
    Key key = key(maker, arguments); // before anything is read
    if (key == null) {
      return made(maker, arguments);
    }
    List<int[]> tables;
    synchronized (this) {
      tables = kept.get(key);
    }
    if (tables == null) {
      tables = made(maker, arguments);
      keep(key, tables);
    }
    return tables;
  }

  private List<int[]> made(CallTables maker, Arguments arguments) {
    Map<Role, QuotedTensor> quoted = new EnumMap<>(Role.class);
    try {
      for (Role role : maker.reads()) {
        Tensor tensor = arguments.get(role);
        if (!((OpenClStorage) tensor.storage()).haveArrived()) {
          return maker.of(arguments);
        }
        quoted.put(role, new QuotedTensor(tensor));
      }
      return checks.readBeside(quoted, maker::of);
    } finally {
      Lifetime.freeAll(quoted.values(), QuotedTensor::release);
    }
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
