package io.github.clpool.opencl;

import io.github.clpool.tensor.Storage;
import java.nio.Buffer;
import org.jocl.cl_mem;

/** A device buffer, or a part of a foreign one, as the memory of a tensor. Thread-safe. */
final class OpenClStorage implements Storage {
  private final Object owner;
  private final Transfers transfers;
  private final Region region;
  private final boolean writable;
  private final Lifetime lifetime;

  /**
   * Where the elements are.
   *
   * @param mem what kernels and transfers are given; it starts at the first element
   * @param root the buffer that {@code mem} is a part of, or {@code mem} itself
   * @param offset the first byte in {@code root}
   * @param bytes the size of the elements
   */
  record Region(cl_mem mem, cl_mem root, long offset, long bytes) {
    boolean overlaps(Region other) {
      return root.getNativePointer() == other.root.getNativePointer()
          && offset < other.offset + other.bytes
          && other.offset < offset + bytes;
    }
  }

  /** Frees what must be freed by {@code free}, once nobody uses the storage any more. */
  OpenClStorage(Object owner, Transfers transfers, Region region, boolean writable, Runnable free) {
    this.owner = owner;
    this.transfers = transfers;
    this.region = region;
    this.writable = writable;
    this.lifetime = new Lifetime("tensor memory", free);
  }

  static OpenClStorage allocate(Object owner, Transfers transfers, Memory memory, long bytes) {
    Memory.Allocation allocation = memory.allocate(bytes);
    cl_mem mem = allocation.mem();
    return new OpenClStorage(
        owner, transfers, new Region(mem, mem, 0, bytes), true, () -> memory.free(allocation));
  }

  @Override
  public Object owner() {
    return owner;
  }

  cl_mem mem() {
    return region.mem();
  }

  /** False for a foreign buffer that kernels may only read. */
  boolean isWritable() {
    return writable;
  }

  Lifetime lifetime() {
    return lifetime;
  }

  @Override
  public void write(Buffer source) {
    copy(() -> transfers.write(region.mem(), 0, source));
  }

  @Override
  public void read(Buffer target) {
    copy(() -> transfers.read(region.mem(), 0, target));
  }

  private void copy(Runnable transfer) {
    if (region.bytes() == 0) {
      return;
    }
    lifetime.use();
    try {
      transfer.run();
    } finally {
      lifetime.done();
    }
  }

  @Override
  public boolean overlaps(Storage other) {
    return other instanceof OpenClStorage storage && region.overlaps(storage.region);
  }

  @Override
  public void close() {
    lifetime.close();
  }
}
