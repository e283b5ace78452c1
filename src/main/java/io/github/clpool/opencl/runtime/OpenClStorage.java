package io.github.clpool.opencl.runtime;

import io.github.clpool.backend.DeviceMemoryException;
import io.github.clpool.backend.Lifetime;
import io.github.clpool.tensor.Buffers;
import io.github.clpool.tensor.Completion;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Storage;
import java.nio.Buffer;
import org.jocl.cl_mem;

/** A device buffer, or a part of a foreign one, as the memory of a tensor. Thread-safe. */
public final class OpenClStorage implements Storage {
  private final OpenClBackend owner;
  private final DataType type;
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
  OpenClStorage(
      OpenClBackend owner, DataType type, Region region, boolean writable, Runnable free) {
    this.owner = owner;
    this.type = type;
    this.region = region;
    this.writable = writable;
    this.lifetime = new Lifetime("tensor memory", free);
  }

  static OpenClStorage allocate(OpenClBackend owner, DataType type, long elements) {
    long bytes = DeviceMemoryException.bytes(type, elements);
    Memory memory = owner.memory();
    Memory.Allocation allocation = memory.allocate(bytes);
    cl_mem mem = allocation.mem();
    return new OpenClStorage(
        owner, type, new Region(mem, mem, 0, bytes), true, () -> memory.free(allocation));
  }

  @Override
  public Object owner() {
    return owner;
  }

  @Override
  public DataType type() {
    return type;
  }

  @Override
  public long elements() {
    return region.bytes() / type.bytes();
  }

  public cl_mem mem() {
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
  public void write(long first, Buffer source) {
    Buffers.checkSource(source, this, first);
    copy(source, () -> owner.transfers().write(region.mem(), first * type.bytes(), source));
  }

  @Override
  public void read(long first, Buffer target) {
    Buffers.checkTarget(target, this, first);
    copy(target, () -> owner.transfers().read(region.mem(), first * type.bytes(), target));
  }

  private void copy(Buffer buffer, Runnable transfer) {
    lifetime.use();
    try {
      if (buffer.hasRemaining()) {
        transfer.run();
      }
    } finally {
      lifetime.done();
    }
  }

  @Override
  public Completion ready() {
    lifetime.use();
    try {
      return owner.enqueue(() -> {});
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
