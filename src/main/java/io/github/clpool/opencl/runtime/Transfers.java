package io.github.clpool.opencl.runtime;

import io.github.clpool.backend.DeviceMemoryException;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.cl_mem;

/**
 * Copies between Java and a device. Direct buffers go straight. Arrays never do: JOCL would stop
 * the garbage collector for as long as the queue has work; they go through direct buffers that are
 * reused, or, where host and device share memory, through a mapping. So do buffers of an arena,
 * which may be closed meanwhile. Thread-safe.
 */
public final class Transfers {
  private static final int STAGE = 4 << 20;
  private static final int LEAST_STAGE = 1 << 10;
  private static final int IDLE_STAGES = 2;
  private static final int MAPPED_FROM = 1 << 20; // below, a mapping costs more than a copy
  private static final int MOST_MAPPED = 1 << 30;

  private final OpenClContext context;
  private final boolean mapping;
  private final Deque<ByteBuffer> stages = new ArrayDeque<>();

  public Transfers(OpenClContext context) {
    this(context, context.properties().unifiedMemory());
  }

  public Transfers(OpenClContext context, boolean mapping) {
    this.context = context;
    this.mapping = mapping;
  }

  /** Writes what remains of the source; its position moves. */
  public void write(cl_mem to, long offset, Buffer source) {
    int bytes = Elements.bytes(source);
    long length = (long) source.remaining() * bytes;
    if (isStraight(source)) {
      enqueueWrite(to, offset, length, source.slice());
    } else {
      inChunks(
          length,
          (from, size, stage) ->
              writeChunk(to, offset + from, source, (int) (from / bytes), size, stage));
    }
    source.position(source.limit());
  }

  /** Fills what remains of the target; its position moves. */
  public void read(cl_mem from, long offset, Buffer target) {
    int bytes = Elements.bytes(target);
    long length = (long) target.remaining() * bytes;
    if (isStraight(target)) {
      enqueueRead(from, offset, length, target.slice());
    } else {
      inChunks(
          length,
          (at, size, stage) ->
              readChunk(from, offset + at, target, (int) (at / bytes), size, stage));
    }
    target.position(target.limit());
  }

  private static boolean isStraight(Buffer buffer) {
    return buffer.isDirect() && !ArenaMemory.mayBeFreed(buffer);
  }

  /** Copies one chunk, through a stage or, without one, through a mapping. */
  @FunctionalInterface
  private interface Chunk {
    void copy(long offset, int bytes, ByteBuffer stage);
  }

  private void inChunks(long length, Chunk chunk) {
    if (mapping && length >= MAPPED_FROM) {
      inChunks(length, MOST_MAPPED, null, chunk);
      return;
    }
    ByteBuffer stage = takeStage();
    try {
      inChunks(length, stage.capacity(), stage, chunk);
    } finally {
      returnStage(stage);
    }
  }

  private static void inChunks(long length, int most, ByteBuffer stage, Chunk chunk) {
    for (long at = 0; at < length; at += most) {
      chunk.copy(at, (int) Math.min(most, length - at), stage);
    }
  }

  private void writeChunk(
      cl_mem to, long offset, Buffer source, int first, int bytes, ByteBuffer stage) {
    if (stage == null) {
      ByteBuffer mapped = map(to, CL.CL_MAP_WRITE_INVALIDATE_REGION, offset, bytes);
      try {
        Elements.copy(source, first, mapped);
      } finally {
        unmap(to, mapped);
      }
    } else {
      Elements.copy(source, first, part(stage, bytes));
      enqueueWrite(to, offset, bytes, stage);
    }
  }

  private void readChunk(
      cl_mem from, long offset, Buffer target, int first, int bytes, ByteBuffer stage) {
    if (stage == null) {
      ByteBuffer mapped = map(from, CL.CL_MAP_READ, offset, bytes);
      try {
        Elements.copy(mapped, target, first);
      } finally {
        unmap(from, mapped);
      }
    } else {
      enqueueRead(from, offset, bytes, stage);
      Elements.copy(part(stage, bytes), target, first);
    }
  }

  private static ByteBuffer part(ByteBuffer stage, int bytes) {
    return stage.slice(0, bytes).order(ByteOrder.nativeOrder());
  }

  private void enqueueWrite(cl_mem to, long offset, long bytes, Buffer direct) {
    Pointer pointer = Pointer.to(direct);
    context.enqueue(
        "clEnqueueWriteBuffer of " + bytes + " bytes",
        () ->
            CL.clEnqueueWriteBuffer(
                context.queue(), to, true, offset, bytes, pointer, 0, null, null));
  }

  private void enqueueRead(cl_mem from, long offset, long bytes, Buffer direct) {
    Pointer pointer = Pointer.to(direct);
    context.enqueue(
        "clEnqueueReadBuffer of " + bytes + " bytes",
        () ->
            CL.clEnqueueReadBuffer(
                context.queue(), from, true, offset, bytes, pointer, 0, null, null));
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

  private ByteBuffer takeStage() {
    ByteBuffer stage;
    synchronized (stages) {
      stage = stages.poll();
    }
    return stage != null ? stage : newStage();
  }

  /** Smaller where the JVM allows little direct memory; {@code -XX:MaxDirectMemorySize} does. */
  private ByteBuffer newStage() {
    for (int bytes = STAGE; ; bytes /= 4) {
      try {
        return ByteBuffer.allocateDirect(bytes);
      } catch (OutOfMemoryError full) {
        if (bytes <= LEAST_STAGE) {
          throw new DeviceMemoryException(
              context.properties().label()
                  + ": no direct memory is left to copy with; -XX:MaxDirectMemorySize sets its size",
              bytes,
              0,
              full);
        }
      }
    }
  }

  private void returnStage(ByteBuffer stage) {
    synchronized (stages) {
      if (stages.size() < IDLE_STAGES) {
        stages.push(stage);
      }
    }
  }
}
