package io.github.clpool.opencl.runtime;

import io.github.clpool.backend.DeviceMemoryException;
import io.github.clpool.backend.Lifetime;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jocl.CL;
import org.jocl.cl_mem;

/**
 * Memory of the host through which arrays travel; a few pieces are kept. Pinned ones are OpenCL
 * buffers that stay mapped: a device with memory of its own copies from and to them at its full
 * speed, and while the host does something else. Thread-safe.
 */
final class Stages {
  private static final int BYTES = 4 << 20;
  private static final int LEAST_BYTES = 1 << 10;
  private static final int MOST_IDLE = 4;

  private final OpenClContext context;
  private final boolean pinned;
  private final Deque<Stage> idle = new ArrayDeque<>();
  private boolean closed;

  Stages(OpenClContext context, boolean pinned) {
    this.context = context;
    this.pinned = pinned;
  }

  /**
   * A piece of memory.
   *
   * @param bytes the memory
   * @param mem the buffer that it is mapped from, or null if it is not pinned
   */
  record Stage(ByteBuffer bytes, cl_mem mem) {
    boolean isPinned() {
      return mem != null;
    }

    /** So much of it, if it is as large. */
    ByteBuffer part(long most) {
      int length = (int) Math.min(bytes.capacity(), most);
      return bytes.slice(0, length).order(ByteOrder.nativeOrder());
    }
  }

  Stage take() {
    Stage kept;
    synchronized (this) {
      kept = idle.poll();
    }
    if (kept != null) {
      return kept;
    }
    Stage fresh = pinned ? pinned() : null;
    return fresh != null ? fresh : new Stage(pageable(), null);
  }

  /** Takes a stage back that nothing copies from or to any more. */
  void giveBack(Stage stage) {
    synchronized (this) {
      if (!closed && idle.size() < MOST_IDLE) {
        idle.push(stage);
        return;
      }
    }
    free(stage);
  }

  /** Returns null where the driver gives none; what is not pinned does as well. */
  private Stage pinned() {
    long access = CL.CL_MEM_READ_WRITE | CL.CL_MEM_ALLOC_HOST_PTR;
    cl_mem mem = null;
    try {
      mem =
          context
              .calls()
              .create(
                  "clCreateBuffer of pinned memory",
                  code -> CL.clCreateBuffer(context.context(), access, BYTES, null, code));
      cl_mem made = mem;
      long mapping = CL.CL_MAP_READ | CL.CL_MAP_WRITE;
      ByteBuffer bytes =
          context.enqueue(
              "clEnqueueMapBuffer of pinned memory",
              code ->
                  CL.clEnqueueMapBuffer(
                      context.queue(), made, true, mapping, 0, BYTES, 0, null, null, code));
      return new Stage(bytes, mem);
    } catch (Throwable failed) {
      if (mem != null) {
        release(mem);
      }
      if (failed instanceof Calls.CallException) {
        return null;
      }
      throw failed;
    }
  }

  /** Smaller where the JVM allows little direct memory; {@code -XX:MaxDirectMemorySize} does. */
  private ByteBuffer pageable() {
    for (int bytes = BYTES; ; bytes /= 4) {
      try {
        return ByteBuffer.allocateDirect(bytes);
      } catch (OutOfMemoryError full) {
        if (bytes <= LEAST_BYTES) {
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

  private static void release(cl_mem mem) {
    Calls.code(() -> CL.clReleaseMemObject(mem));
  }

  private void free(Stage stage) {
    if (!stage.isPinned()) {
      return;
    }
    try {
      context.enqueue(
          "clEnqueueUnmapMemObject of pinned memory",
          () ->
              CL.clEnqueueUnmapMemObject(
                  context.queue(), stage.mem(), stage.bytes(), 0, null, null));
    } catch (Calls.CallException failed) {
      // it goes with the buffer
    } finally {
      release(stage.mem());
    }
  }

  /** Frees stages that something may still copy from or to, as after a failure. */
  void drop(Iterable<Stage> stages) {
    try {
      context.finish();
    } catch (Calls.CallException failed) {
      // then nothing copies any more
    } finally {
      Lifetime.freeAll(stages, this::free);
    }
  }

  /** From now on nothing is kept. */
  void close() {
    Deque<Stage> dropped;
    synchronized (this) {
      closed = true;
      dropped = new ArrayDeque<>(idle);
      idle.clear();
    }
    Lifetime.freeAll(dropped, this::free);
  }
}
