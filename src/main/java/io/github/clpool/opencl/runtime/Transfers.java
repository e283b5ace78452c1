package io.github.clpool.opencl.runtime;

import io.github.clpool.backend.Lifetime;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.cl_event;
import org.jocl.cl_mem;

/**
 * Copies between Java and a device. Direct buffers go straight. Arrays never do: JOCL would stop
 * the garbage collector for as long as the queue has work. Where host and device share memory, they
 * go through a mapping; else through stages, two in turn: while the device copies one, the host
 * copies the other. So do buffers of an arena, which may be closed meanwhile. Thread-safe.
 */
public final class Transfers {
  /** True: nothing is mapped, and stages are pinned, on any device; for tests. */
  public static final String PINNED_PROPERTY = "clpool.opencl.pinned";

  private static final int IN_TURN = 2;
  private static final int MAPPED_FROM = 1 << 20; // below, a mapping costs more than a copy
  private static final int MOST_MAPPED = 1 << 30;

  private final OpenClContext context;
  private final boolean mapping;
  private final Stages stages;

  /** Maps where host and device share memory. */
  public Transfers(OpenClContext context) {
    this(context, context.properties().unifiedMemory() && !Boolean.getBoolean(PINNED_PROPERTY));
  }

  /**
   * Maps buffers, or copies through pinned stages. JOCL waits in threads of its own for the end of
   * either, and simulators take one thread at a time; they get blocking copies of ordinary memory.
   */
  public Transfers(OpenClContext context, boolean mapping) {
    boolean oneThread = context.properties().isSimulator();
    this.context = context;
    this.mapping = mapping && !oneThread;
    this.stages = new Stages(context, !mapping && !oneThread);
  }

  /**
   * Writes what remains of the source; its position moves.
   *
   * @return whether it has arrived; what went through a mapping has only in the queue
   */
  public boolean write(cl_mem to, long offset, Buffer source) {
    int bytes = Elements.bytes(source);
    long length = (long) source.remaining() * bytes;
    Copying pack = (at, part) -> Elements.copy(source, (int) (at / bytes), part);
    boolean isMapped = !isStraight(source) && isMapped(length);
    if (isStraight(source)) {
      enqueueWrite(to, offset, length, source.slice(), null);
    } else if (isMapped) {
      inMappings(to, CL.CL_MAP_WRITE_INVALIDATE_REGION, offset, length, pack);
    } else {
      inStages(
          length,
          (at, part, event) -> {
            pack.copy(at, part);
            enqueueWrite(to, offset + at, part.capacity(), part, event);
          },
          (at, part) -> {});
    }
    source.position(source.limit());
    return !isMapped;
  }

  /** Fills what remains of the target; its position moves. */
  public void read(cl_mem from, long offset, Buffer target) {
    int bytes = Elements.bytes(target);
    long length = (long) target.remaining() * bytes;
    Copying unpack = (at, part) -> Elements.copy(part, target, (int) (at / bytes));
    if (isStraight(target)) {
      enqueueRead(from, offset, length, target.slice(), null);
    } else if (isMapped(length)) {
      inMappings(from, CL.CL_MAP_READ, offset, length, unpack);
    } else {
      inStages(
          length,
          (at, part, event) -> enqueueRead(from, offset + at, part.capacity(), part, event),
          unpack);
    }
    target.position(target.limit());
  }

  /** From now on no stage is kept; copies go on. */
  public void close() {
    stages.close();
  }

  private static boolean isStraight(Buffer buffer) {
    return buffer.isDirect() && !ArenaMemory.mayBeFreed(buffer);
  }

  private boolean isMapped(long length) {
    return mapping && length >= MAPPED_FROM;
  }

  /** Copies between Java and a part of a transfer. */
  @FunctionalInterface
  private interface Copying {
    void copy(long at, ByteBuffer part);
  }

  /** Makes the device copy a part, and waits for it if there is no event. */
  @FunctionalInterface
  private interface Start {
    void start(long at, ByteBuffer part, cl_event event);
  }

  private void inMappings(cl_mem mem, long access, long offset, long length, Copying copying) {
    for (long at = 0; at < length; at += MOST_MAPPED) {
      ByteBuffer mapped = map(mem, access, offset + at, Math.min(MOST_MAPPED, length - at));
      try {
        copying.copy(at, mapped);
      } finally {
        unmap(mem, mapped);
      }
    }
  }

  /** A part that is on its way; it has arrived if there is no event. */
  private record Flight(long at, Stages.Stage stage, ByteBuffer part, cl_event event) {
    void release() {
      if (event != null) {
        Calls.code(() -> CL.clReleaseEvent(event));
      }
    }
  }

  private void inStages(long length, Start start, Copying afterwards) {
    List<Stages.Stage> taken = new ArrayList<>();
    Deque<Flight> flights = new ArrayDeque<>();
    try {
      long at = 0;
      while (at < length) {
        boolean more = taken.isEmpty() || taken.size() < IN_TURN && taken.get(0).isPinned();
        Stages.Stage stage = more ? stages.take() : land(flights, afterwards);
        if (more) {
          taken.add(stage);
        }
        ByteBuffer part = stage.part(length - at);
        boolean waits = !stage.isPinned() || part.capacity() == length;
        cl_event event = waits ? null : new cl_event();
        start.start(at, part, event);
        flights.add(new Flight(at, stage, part, event));
        at += part.capacity();
      }
      while (!flights.isEmpty()) {
        land(flights, afterwards);
      }
    } catch (Throwable failed) {
      Lifetime.freeAll(() -> stages.drop(taken), () -> Lifetime.freeAll(flights, Flight::release));
      throw failed;
    }
    Lifetime.freeAll(taken, stages::giveBack);
  }

  /** Waits for the first of them. */
  private Stages.Stage land(Deque<Flight> flights, Copying afterwards) {
    Flight first = flights.element();
    if (first.event != null) {
      cl_event[] one = {first.event};
      context.calls().check("clWaitForEvents", () -> CL.clWaitForEvents(1, one));
    }
    afterwards.copy(first.at, first.part);
    flights.remove().release();
    return first.stage;
  }

  private void enqueueWrite(cl_mem to, long offset, long bytes, Buffer direct, cl_event event) {
    Pointer pointer = Pointer.to(direct);
    boolean waits = event == null;
    context.enqueue(
        "clEnqueueWriteBuffer of " + bytes + " bytes",
        () ->
            CL.clEnqueueWriteBuffer(
                context.queue(), to, waits, offset, bytes, pointer, 0, null, event));
  }

  private void enqueueRead(cl_mem from, long offset, long bytes, Buffer direct, cl_event event) {
    Pointer pointer = Pointer.to(direct);
    boolean waits = event == null;
    context.enqueue(
        "clEnqueueReadBuffer of " + bytes + " bytes",
        () ->
            CL.clEnqueueReadBuffer(
                context.queue(), from, waits, offset, bytes, pointer, 0, null, event));
  }

  private ByteBuffer map(cl_mem mem, long access, long offset, long bytes) {
    ByteBuffer mapped =
        context.enqueue(
            "clEnqueueMapBuffer of " + bytes + " bytes",
            code ->
                CL.clEnqueueMapBuffer(
                    context.queue(), mem, true, access, offset, bytes, 0, null, null, code));
    return mapped.order(ByteOrder.nativeOrder());
  }

  private void unmap(cl_mem mem, ByteBuffer mapped) {
    context.enqueue(
        "clEnqueueUnmapMemObject",
        () -> CL.clEnqueueUnmapMemObject(context.queue(), mem, mapped, 0, null, null));
  }
}
