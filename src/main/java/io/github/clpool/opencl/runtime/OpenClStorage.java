package io.github.clpool.opencl.runtime;

import io.github.clpool.backend.DeviceMemoryException;
import io.github.clpool.backend.Lifetime;
import io.github.clpool.tensor.Buffers;
import io.github.clpool.tensor.Completion;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Storage;
import java.nio.Buffer;
import java.util.List;
import java.util.function.Consumer;
import org.jocl.CL;
import org.jocl.cl_mem;

/**
 * A device buffer, a part of one, or a part of a foreign one, as the memory of a tensor.
 * Thread-safe.
 *
 * <p>Kernels know dense tensors only. A view, whose elements lie in rows or begin where the device
 * wants no kernel to begin, is packed into a temporary buffer for them, and back.
 */
public final class OpenClStorage implements Storage {
  private final OpenClBackend owner;
  private final DataType type;
  private final OpenClStorage whole; // this, if it is no part
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
    this.whole = this;
    this.region = region;
    this.writable = writable;
    this.lifetime = new Lifetime("tensor memory", free);
  }

  /** A part, which ends a use of what it is a part of when it is closed. */
  private OpenClStorage(OpenClStorage of, Region region) {
    this.owner = of.owner;
    this.type = of.type;
    this.whole = of.whole;
    this.region = region;
    this.writable = of.writable;
    this.lifetime =
        new Lifetime(
            "tensor memory",
            () -> {
              if (region.mem() != null) {
                Calls.code(() -> CL.clReleaseMemObject(region.mem()));
              }
              of.lifetime.done();
            });
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

  /** Refuses a foreign buffer that kernels may only read. */
  void checkWritable(String name) {
    Require.that(
        writable, "%s is in memory made with CL_MEM_READ_ONLY, but must be writable", name);
  }

  Region region() {
    return region;
  }

  /** What the elements are bad by, maybe: a part by what the whole is. */
  List<FaultCheck> checks() {
    return whole.checks;
  }

  /** Says so of the elements that are computed now. */
  void computedUnder(List<FaultCheck> theirs) {
    if (whole != this) {
      whole.checks = FaultChecks.union(whole.checks, theirs);
    } else if (checks != theirs) {
      checks = theirs;
    }
  }

  Lifetime lifetime() {
    return lifetime;
  }

  @Override
  public void write(long first, Buffer source) {
    Buffers.checkSource(source, this, first);
    boolean replacesAll = source.remaining() == elements();
    owner.checks().settleWhatQuotes(this);
    copy(
        source,
        !replacesAll,
        true,
        dense -> owner.transfers().write(dense, first * type.bytes(), source));
    if (replacesAll && whole == this) {
      checks = List.of();
    }
  }

  @Override
  public void read(long first, Buffer target) {
    Buffers.checkTarget(target, this, first);
    checks().forEach(FaultCheck::await);
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
  public void copyTo(Storage target) {
    if (!(target instanceof OpenClStorage other) || other.owner != owner) {
      Buffers.copy(this, 0, target);
      return;
    }
    lifetime.use();
    try {
      other.lifetime.use();
      try {
        copyTo(other);
      } finally {
        other.lifetime.done();
      }
    } finally {
      lifetime.done();
    }
  }

  private void copyTo(OpenClStorage target) {
    target.checkWritable("target");
    if (region.rows().isDense() && target.region.rows().isDense()) {
      copyDense(target.region);
    } else {
      copyPacked(true, false, target::unpack);
    }
    target.computedUnder(checks());
    owner.checks().collect(checks());
  }

  /** From buffer to buffer, since PoCL 3.1 crashes where a part is copied to its own buffer. */
  private void copyDense(Region to) {
    if (bytes() > 0) {
      OpenClContext context = owner.context();
      context.enqueue(
          "clEnqueueCopyBuffer of " + bytes() + " bytes",
          () ->
              CL.clEnqueueCopyBuffer(
                  context.queue(),
                  region.root(),
                  to.root(),
                  region.rows().offset(),
                  to.rows().offset(),
                  bytes(),
                  0,
                  null,
                  null));
    }
  }

  @Override
  public Storage part(long first, long elements) {
    lifetime.use();
    try {
      Rows rows = region.rows().part(first * type.bytes(), elements * type.bytes());
      boolean isForKernels =
          rows.isDense()
              && rows.total() > 0
              && rows.offset() % owner.context().properties().baseAlignment() == 0;
      cl_mem mem =
          isForKernels
              ? ForeignBuffer.subBuffer(
                  owner.context(), region.root(), rows.offset(), rows.total(), writable)
              : null;
      return new OpenClStorage(this, new Region(mem, region.root(), rows));
    } catch (Throwable failed) {
      lifetime.done();
      throw failed;
    }
  }

  @Override
  public Completion ready() {
    lifetime.use();
    try {
      return owner.ready(checks());
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
