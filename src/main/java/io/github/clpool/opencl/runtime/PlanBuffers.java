package io.github.clpool.opencl.runtime;

import io.github.clpool.backend.Lifetime;
import io.github.clpool.op.Role;
import io.github.clpool.opencl.plan.KernelArgument;
import io.github.clpool.opencl.plan.LaunchPlan;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jocl.cl_mem;

/**
 * The buffers of a plan: tables, which stay, and numbered slots, which each run fills. Both are
 * found when the plan's kernels are bound for the first time; equal arguments share them.
 * Thread-safe.
 */
public final class PlanBuffers {
  /** Fills a slot. */
  @FunctionalInterface
  interface Slot {
    cl_mem fill(PlanRun run);
  }

  private final Memory memory;
  private final List<Long> temporaries;
  private final Map<KernelArgument.Table, Memory.Allocation> tables = new HashMap<>();
  private final Map<Object, Integer> positions = new HashMap<>();
  private final List<Slot> slots = new ArrayList<>();
  private final Set<Role> inPlace = EnumSet.noneOf(Role.class);

  public PlanBuffers(Memory memory, List<Long> temporaries) {
    this.memory = memory;
    this.temporaries = temporaries;
  }

  /** What a plan takes besides tensors, as far as the call's values do not decide. */
  static long bytes(LaunchPlan plan) {
    long temporaries = plan.temporaries().stream().mapToLong(Memory::rounded).sum();
    Set<KernelArgument> others = new HashSet<>();
    plan.launches().forEach(launch -> others.addAll(launch.arguments()));
    return temporaries + others.stream().mapToLong(PlanBuffers::bytes).sum();
  }

  private static long bytes(KernelArgument argument) {
    if (argument instanceof KernelArgument.Table table) {
      return (long) Integer.BYTES * Math.max(table.values().length, 1);
    }
    if (argument instanceof KernelArgument.Drawn drawn) {
      return (long) Integer.BYTES * Math.max(drawn.source().example().length, 1);
    }
    return argument instanceof KernelArgument.Fault ? Integer.BYTES : 0;
  }

  synchronized cl_mem table(KernelArgument.Table table) {
    Memory.Allocation made = tables.get(table);
    if (made == null) {
      made = memory.make(table.values());
      tables.put(table, made);
    }
    return made.mem();
  }

  long bytesOfTemporary(int index) {
    return temporaries.get(index);
  }

  /** The number of the slot of a key; the first to ask says how it is filled. */
  synchronized int slot(Object key, Slot slot) {
    Integer known = positions.get(key);
    if (known != null) {
      return known;
    }
    positions.put(key, slots.size());
    slots.add(slot);
    return slots.size() - 1;
  }

  /** A kernel is told where this tensor lies, so that a view need not be packed. */
  synchronized void takeInPlace(Role role) {
    inPlace.add(role);
  }

  synchronized Set<Role> inPlace() {
    return EnumSet.copyOf(inPlace);
  }

  synchronized Slot[] slots() {
    return slots.toArray(new Slot[0]);
  }

  synchronized void close() {
    try {
      Lifetime.freeAll(tables.values(), memory::free);
    } finally {
      tables.clear();
    }
  }
}
