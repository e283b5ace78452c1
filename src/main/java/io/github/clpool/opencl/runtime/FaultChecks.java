package io.github.clpool.opencl.runtime;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.DeviceException;
import io.github.clpool.backend.Lifetime;
import io.github.clpool.op.Role;
import io.github.clpool.opencl.plan.KernelArgument;
import io.github.clpool.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import org.jocl.cl_event;
import org.jocl.cl_mem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls of a device whose data is still being checked by kernels. They return all the same;
 * what was found is told to whoever awaits a result, or else at the end. Thread-safe.
 *
 * <p>What waits is bounded: beyond {@link #MOST} calls, or 1 GiB or a quarter of the device's
 * memory in tensors to be quoted, a call waits for the oldest.
 */
final class FaultChecks {
  /** The most calls that are not known to be good or bad. */
  static final int MOST = 256;

  private static final int NO_FAULT = -1; // 2^32 - 1 as a uint
  private static final long MOST_QUOTED = 1L << 30;

  private static final Logger LOG = LoggerFactory.getLogger(FaultChecks.class);

  private final OpenClContext context;
  private final Memory memory;
  private Beside beside; // null as long as nothing was read
  private final long mostQuoted;
  private final Deque<Memory.Allocation> clean = new ArrayDeque<>();
  private final Deque<FaultCheck> pending = new ArrayDeque<>(); // the oldest first
  private final Deque<FaultCheck> untold = new ArrayDeque<>(); // faults that nobody saw
  private final ThreadLocal<Set<FaultCheck>> collected = new ThreadLocal<>();
  private long quotedBytes; // of what is pending

  FaultChecks(OpenClContext context, Memory memory) {
    this.context = context;
    this.memory = memory;
    this.mostQuoted = Math.min(MOST_QUOTED, context.properties().memory() / 4);
    memory.whenShort(this::settle);
  }

  /**
   * A number on the device by which kernels say that something is wrong; it says that nothing is.
   * Waits only where too much is pending.
   */
  Memory.Allocation take() {
    FaultCheck oldest = oldest(2);
    while (oldest != null && oldest.poll()) {
      oldest = oldest(2);
    }
    for (oldest = oldest(1); oldest != null; oldest = oldest(1)) {
      oldest.settle();
    }
    Memory.Allocation kept;
    synchronized (this) {
      kept = clean.poll();
    }
    return kept != null ? kept : memory.make(NO_FAULT);
  }

  /** Null unless so large a part of what may be pending is. */
  private synchronized FaultCheck oldest(int part) {
    boolean isMuch = pending.size() >= MOST / part || quotedBytes > mostQuoted / part;
    return isMuch ? pending.peek() : null;
  }

  /** Frees a number that is not clean, or may not be. */
  void giveBack(Memory.Allocation number) {
    memory.free(number);
  }

  /** Another queue, which reads what this one wrote, whatever it waits for now. */
  private record Beside(OpenClContext queue, Transfers transfers, IntBuffer number) {
    private Beside(OpenClContext queue) {
      this(queue, new Transfers(queue), room());
    }

    private static IntBuffer room() {
      ByteBuffer direct = ByteBuffer.allocateDirect(Integer.BYTES);
      return direct.order(ByteOrder.nativeOrder()).asIntBuffer();
    }

    private void close() {
      Lifetime.freeAll(transfers::close, queue.lifetime()::close);
    }

    synchronized int read(cl_mem from) {
      transfers.read(from, 0, number.rewind());
      return number.get(0);
    }
  }

  private synchronized Beside beside() {
    if (beside == null) {
      beside = new Beside(context.beside());
    }
    return beside;
  }

  /** The least position that kernels named, which must have ended. */
  OptionalLong position(Memory.Allocation number) {
    int least = beside().read(number.mem());
    return least == NO_FAULT
        ? OptionalLong.empty()
        : OptionalLong.of(Integer.toUnsignedLong(least));
  }

  /** Begins a check behind the kernels that were given its number, in a turn; then owns that. */
  FaultCheck start(
      Memory.Allocation number, KernelArgument.Fault.Report report, Arguments arguments) {
    Map<Role, QuotedTensor> quoted = new EnumMap<>(Role.class);
    cl_event ran;
    try {
      for (Role role : report.quoted()) {
        if (arguments.has(role)) {
          quoted.put(role, new QuotedTensor(arguments.get(role)));
        }
      }
      ran = context.marker();
    } catch (Throwable failed) {
      Lifetime.freeAll(quoted.values(), QuotedTensor::release);
      throw failed;
    }
    FaultCheck check = new FaultCheck(this, context.calls(), number, ran, report, quoted);
    synchronized (this) {
      pending.add(check);
      quotedBytes += check.quotedBytes();
    }
    return check;
  }

  /** Called by a check once it is known; takes its number back. */
  void known(FaultCheck check, Memory.Allocation number) {
    synchronized (this) {
      pending.remove(check);
      quotedBytes -= check.quotedBytes();
      if (check.fault() == null) {
        clean.push(number);
        return;
      }
      if (untold.size() < MOST) {
        untold.add(check);
      }
    }
    giveBack(number);
  }

  /** Called by a check whose fault somebody saw. */
  synchronized void told(FaultCheck check) {
    untold.remove(check);
  }

  /** Makes the exception. */
  RuntimeException explain(
      KernelArgument.Fault.Report report, long position, Map<Role, QuotedTensor> quoted) {
    return readBeside(quoted, arguments -> report.exception(position, arguments));
  }

  /** Reads tensors beside the queue, to which nothing is under way. */
  <R> R readBeside(Map<Role, QuotedTensor> quoted, Function<Arguments, R> read) {
    Beside through = beside();
    Map<Role, Tensor> tensors = new EnumMap<>(Role.class);
    try {
      quoted.forEach(
          (role, tensor) ->
              tensors.put(role, tensor.through(through.queue(), through.transfers(), memory)));
      return read.apply(new Arguments(tensors, Optional.empty()));
    } finally {
      Lifetime.freeAll(tensors.values(), Tensor::close);
    }
  }

  /** What was found in calls that a thread makes meanwhile, or is inherited by their results. */
  List<FaultCheck> during(Runnable calls) {
    Set<FaultCheck> outer = collected.get();
    Set<FaultCheck> inner = new LinkedHashSet<>();
    collected.set(inner);
    try {
      calls.run();
    } finally {
      if (outer == null) {
        collected.remove();
      } else {
        collected.set(outer);
        outer.addAll(inner);
      }
    }
    return List.copyOf(inner);
  }

  /** Results of a call of this thread depend on these. */
  void collect(List<FaultCheck> checks) {
    Set<FaultCheck> set = checks.isEmpty() ? null : collected.get();
    if (set != null) {
      set.addAll(checks);
      if (set.size() > 2 * MOST) {
        set.removeIf(FaultCheck::isClean);
      }
    }
  }

  /** Both, without what is known to be good. */
  static List<FaultCheck> union(List<FaultCheck> first, List<FaultCheck> second) {
    if (second.isEmpty()) {
      return first;
    }
    Set<FaultCheck> both = new LinkedHashSet<>(first);
    both.addAll(second);
    both.removeIf(FaultCheck::isClean);
    return List.copyOf(both);
  }

  /** Before a storage is overwritten by the host, which waits for the queue anyway. */
  void settleWhatQuotes(OpenClStorage storage) {
    for (FaultCheck check : all()) {
      if (check.quotes(storage)) {
        check.settle();
      }
    }
  }

  private synchronized List<FaultCheck> all() {
    return pending.isEmpty() ? List.of() : new ArrayList<>(pending);
  }

  /** Waits for all; returns whether that released anything. */
  boolean settle() {
    List<FaultCheck> all = all();
    all.forEach(FaultCheck::settle);
    return !all.isEmpty();
  }

  /** Waits for all and throws the first fault that nobody saw; forgets the others. */
  void finish() {
    settle();
    FaultCheck first;
    synchronized (this) {
      first = untold.peek();
      untold.clear();
    }
    if (first != null) {
      throw first.fault();
    }
  }

  /** Waits for all; what nobody saw is logged. */
  void close() {
    Lifetime.freeAll(
        () -> Lifetime.freeAll(all(), FaultChecks::settleOrAbandon), this::logUntold, this::free);
  }

  private static void settleOrAbandon(FaultCheck check) {
    try {
      check.settle();
    } catch (RuntimeException | Error failed) {
      check.abandon();
      if (!(failed instanceof DeviceException)) {
        throw failed;
      }
    }
  }

  private void logUntold() {
    List<FaultCheck> faults;
    synchronized (this) {
      faults = List.copyOf(untold);
      untold.clear();
    }
    if (!faults.isEmpty()) {
      LOG.warn(
          "{}: calls were given bad data, {} of them, and nobody awaited a result; the first: {}",
          context.properties().label(),
          faults.size(),
          faults.get(0).fault().toString());
    }
  }

  private void free() {
    List<Memory.Allocation> numbers;
    Beside opened;
    synchronized (this) {
      numbers = List.copyOf(clean);
      clean.clear();
      opened = beside;
      beside = null;
    }
    try {
      Lifetime.freeAll(numbers, this::giveBack);
    } finally {
      if (opened != null) {
        opened.close();
      }
    }
  }
}
