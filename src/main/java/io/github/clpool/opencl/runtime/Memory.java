package io.github.clpool.opencl.runtime;

import io.github.clpool.backend.DeviceMemoryException;
import io.github.clpool.backend.Lifetime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.cl_mem;

/**
 * Buffers of one context. Freed ones are kept for the next request of their size, since fresh pages
 * cost more than most pooling calls; the sizes that were not asked for the longest go first when
 * too much is kept. The queue is in order, so a buffer may be reused while work on it is pending.
 * Thread-safe.
 */
public final class Memory {
  /** The most bytes of freed buffers that are kept, a system property. */
  public static final String KEPT_PROPERTY = "clpool.opencl.keptBytes";

  private static final long KEPT_BY_DEFAULT = 1L << 30;
  private static final long PAGE = 4096;
  private static final long SMALLEST = 64;

  private final OpenClContext context;
  private final long mostKept;
  private final LinkedHashMap<Long, Deque<cl_mem>> idle = new LinkedHashMap<>(16, 0.75f, true);
  private long kept;
  private long used;
  private long created;
  private boolean closed;
  private volatile BooleanSupplier reserve = () -> false;

  /** A buffer in use and its true size, at least what was asked for; some are kept once freed. */
  public record Allocation(cl_mem mem, long bytes, boolean isKept) {}

  public Memory(OpenClContext context) {
    this.context = context;
    this.mostKept =
        Math.min(Long.getLong(KEPT_PROPERTY, KEPT_BY_DEFAULT), context.properties().memory() / 4);
  }

  /** Something that may release memory, and says whether it did. */
  void whenShort(BooleanSupplier release) {
    reserve = release;
  }

  /** Makes a buffer of undefined content; one of 0 bytes is legal. */
  public Allocation allocate(long bytes) {
    try {
      return allocateNow(bytes);
    } catch (DeviceMemoryException lack) {
      if (!reserve.getAsBoolean()) {
        throw lack;
      }
    }
    return allocateNow(bytes);
  }

  private Allocation allocateNow(long bytes) {
    long size = rounded(bytes);
    requireFits(bytes);
    context.lifetime().use();
    try {
      cl_mem kept = takeKept(size);
      return new Allocation(kept != null ? kept : fresh(size, bytes, null), size, true);
    } catch (Throwable failed) {
      context.lifetime().done();
      throw failed;
    }
  }

  /**
   * Makes a buffer of these numbers without the queue, which may be waiting for somebody. It is not
   * kept once freed, or each call with such a buffer would leave one more.
   */
  Allocation make(int... content) {
    int[] numbers = content.length > 0 ? content : new int[1];
    long size = (long) Integer.BYTES * numbers.length;
    requireFits(size);
    context.lifetime().use();
    try {
      return new Allocation(fresh(size, size, Pointer.to(numbers)), size, false);
    } catch (Throwable failed) {
      context.lifetime().done();
      throw failed;
    }
  }

  private void requireFits(long bytes) {
    long most = context.properties().maxAllocation();
    if (bytes > most) {
      throw tooMuch("one buffer", bytes, most);
    }
  }

  private synchronized cl_mem takeKept(long size) {
    Deque<cl_mem> same = idle.get(size);
    if (same == null || same.isEmpty()) {
      return null;
    }
    kept -= size;
    used += size;
    return same.pop();
  }

  private cl_mem fresh(long size, long asked, Pointer content) {
    List<cl_mem> dropped;
    synchronized (this) {
      long limit = context.properties().memory();
      if (used + size > limit) {
        throw tooMuch("all buffers, " + used + " bytes in use", asked, limit);
      }
      used += size;
      created++;
      dropped = trim(Math.min(mostKept, limit - used));
    }
    release(dropped);
    try {
      return createOrMakeRoom(size, asked, content);
    } catch (Throwable failed) {
      synchronized (this) {
        used -= size;
      }
      throw failed;
    }
  }

  private cl_mem createOrMakeRoom(long size, long asked, Pointer content) {
    try {
      return create(size, content);
    } catch (DeviceMemoryException lack) {
      dropKept();
    }
    try {
      return create(size, content);
    } catch (DeviceMemoryException lack) {
      long limit = context.properties().memory();
      throw new DeviceMemoryException(
          "%s; asked for %d bytes of at most %d".formatted(lack.getMessage(), asked, limit),
          asked,
          limit,
          lack);
    }
  }

  private cl_mem create(long size, Pointer content) {
    // Where host and device share memory, this is what makes mapping free of copies.
    long place = context.properties().unifiedMemory() ? CL.CL_MEM_ALLOC_HOST_PTR : 0;
    long copy = content != null ? CL.CL_MEM_COPY_HOST_PTR : 0;
    return context
        .calls()
        .create(
            "clCreateBuffer of " + size + " bytes",
            code ->
                CL.clCreateBuffer(
                    context.context(), CL.CL_MEM_READ_WRITE | place | copy, size, content, code));
  }

  /** Takes a buffer back; pending work on it may still be going on. */
  public void free(Allocation allocation) {
    try {
      release(takeBack(allocation));
    } finally {
      context.lifetime().done();
    }
  }

  /** Returns what is to be released. */
  private synchronized List<cl_mem> takeBack(Allocation allocation) {
    used -= allocation.bytes();
    if (!allocation.isKept()) {
      return List.of(allocation.mem());
    }
    kept += allocation.bytes();
    idle.computeIfAbsent(allocation.bytes(), size -> new ArrayDeque<>()).push(allocation.mem());
    return trim(closed ? 0 : mostKept);
  }

  /** Gives what is kept back to the driver. */
  public void dropKept() {
    List<cl_mem> dropped;
    synchronized (this) {
      dropped = trim(0);
    }
    release(dropped);
  }

  /** From now on nothing is kept; buffers in use stay good until they are freed. */
  public void close() {
    synchronized (this) {
      closed = true;
    }
    dropKept();
  }

  public synchronized long usedBytes() {
    return used;
  }

  public synchronized long keptBytes() {
    return kept;
  }

  /** How often a buffer was asked of the driver. */
  public synchronized long created() {
    return created;
  }

  private List<cl_mem> trim(long target) {
    if (kept <= target) {
      return List.of();
    }
    List<cl_mem> dropped = new ArrayList<>();
    var sizes = idle.entrySet().iterator();
    while (kept > target && sizes.hasNext()) {
      var entry = sizes.next();
      while (kept > target && !entry.getValue().isEmpty()) {
        dropped.add(entry.getValue().pop());
        kept -= entry.getKey();
      }
      if (entry.getValue().isEmpty()) {
        sizes.remove();
      }
    }
    return dropped;
  }

  /** OpenCL itself waits for work on a buffer that is pending. */
  private static void release(List<cl_mem> buffers) {
    Lifetime.freeAll(buffers, buffer -> Calls.code(() -> CL.clReleaseMemObject(buffer)));
  }

  /** What a driver lacks memory for that names no size, with what is known of it. */
  DeviceMemoryException exhausted(DeviceMemoryException lack) {
    long limit = context.properties().memory();
    String known = "; %d bytes of at most %d are in use".formatted(usedBytes(), limit);
    return new DeviceMemoryException(lack.getMessage() + known, lack.asked(), limit, lack);
  }

  private DeviceMemoryException tooMuch(String what, long asked, long limit) {
    return new DeviceMemoryException(
        "%s: asked for %d bytes, but %s may have at most %d bytes"
            .formatted(context.properties().label(), asked, what, limit),
        asked,
        limit);
  }

  /** The size of the buffer that so many bytes are given. */
  static long rounded(long bytes) {
    long size = Math.max(bytes, SMALLEST);
    return size <= PAGE ? Long.highestOneBit(2 * size - 1) : (size + PAGE - 1) / PAGE * PAGE;
  }
}
