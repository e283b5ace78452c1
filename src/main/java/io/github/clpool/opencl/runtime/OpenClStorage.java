package io.github.clpool.opencl.runtime;

import io.github.clpool.backend.DeviceMemoryException;
import io.github.clpool.backend.Lifetime;
import io.github.clpool.tensor.Buffers;
import io.github.clpool.tensor.Completion;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Storage;
import java.nio.Buffer;
import java.util.List;
import java.util.function.Consumer;
import org.jocl.cl_mem;

/**
 * A device buffer, or a part of a foreign one, as the memory of a tensor. Thread-safe.
 *
 * <p>Kernels know dense tensors only. A view, whose elements lie in rows or begin where the device
 * wants no kernel to begin, is packed into a temporary buffer for them, and back.
 */
public final class OpenClStorage implements Storage {
  private final OpenClBackend owner;
  private final DataType type;
  private final Region region;
  private final boolean writable;
  private final Lifetime lifetime;
  private volatile List<FaultCheck> checks = List.of();

  /**
   * Where the elements are.
   *
   * @param mem what kernels and transfers are given, if it holds nothing else; null for a view,
   *     which is copied
   * @param root the buffer that {@code mem} is a part of, or {@code mem} itself
   * @param rows where in {@code root}
   */
  record Region(cl_mem mem, cl_mem root, Rows rows) {
    boolean overlaps(Region other) {
      return root.getNativePointer() == other.root.getNativePointer() && rows.overlaps(other.rows);
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
        owner,
        type,
        new Region(mem, mem, Rows.dense(0, bytes)),
        true,
        () -> memory.free(allocation));
  }

  @Override
  public OpenClBackend owner() {
    return owner;
  }

  @Override
  public DataType type() {
    return type;
  }

  @Override
  public long elements() {
    return region.rows().total() / type.bytes();
  }

  /** What kernels are given; null for a view. */
  public cl_mem mem() {
    return region.mem();
  }

  public boolean isView() {
    return region.mem() == null;
  }

  /** The bytes of all elements. */
  long bytes() {
    return region.rows().total();
  }

  /** Starts to copy a view's elements to a dense buffer. */
  void pack(cl_mem dense) {
    region.rows().pack(owner.context(), region.root(), dense);
  }

  /** Starts to copy a dense buffer to a view's elements. */
  void unpack(cl_mem dense) {
    region.rows().unpack(owner.context(), dense, region.root());
  }

  /** False for a foreign buffer that kernels may only read. */
  boolean isWritable() {
    return writable;
  }

  Region region() {
    return region;
  }

  /** What the elements are bad by, maybe. */
  List<FaultCheck> checks() {
    return checks;
  }

  /** Says so of the elements that are computed now. */
  void computedUnder(List<FaultCheck> theirs) {
    if (checks != theirs) {
      checks = theirs;
    }
  }

  Lifetime lifetime() {
    return lifetime;
  }

  @Override
  public void write(long first, Buffer source) {
    Buffers.checkSource(source, this, first);
    boolean isPart = source.remaining() < elements();
    owner.checks().settleWhatQuotes(this);
    copy(
        source,
        isPart,
        true,
        dense -> owner.transfers().write(dense, first * type.bytes(), source));
    if (!isPart) {
      checks = List.of();
    }
  }

  @Override
  public void read(long first, Buffer target) {
    Buffers.checkTarget(target, this, first);
    checks.forEach(FaultCheck::await);
    copy(target, true, false, dense -> owner.transfers().read(dense, first * type.bytes(), target));
  }

  private void copy(Buffer buffer, boolean needsOthers, boolean writes, Consumer<cl_mem> transfer) {
    lifetime.use();
    try {
      if (!buffer.hasRemaining()) {
        return;
      }
      if (isView()) {
        copyPacked(needsOthers, writes, transfer);
      } else {
        transfer.accept(region.mem());
      }
    } finally {
      lifetime.done();
    }
  }

  private void copyPacked(boolean needsOthers, boolean writes, Consumer<cl_mem> transfer) {
    Memory.Allocation dense = owner.memory().allocate(bytes());
    try {
      if (needsOthers) {
        pack(dense.mem());
      }
      transfer.accept(dense.mem());
      if (writes) {
        unpack(dense.mem());
      }
    } finally {
      owner.memory().free(dense);
    }
  }

  @Override
  public Completion ready() {
    lifetime.use();
    try {
      return owner.ready(checks);
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
