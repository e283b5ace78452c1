package io.github.clpool.opencl.runtime;

import io.github.clpool.backend.DeviceMemoryException;
import io.github.clpool.backend.Lifetime;
import io.github.clpool.tensor.Buffers;
import io.github.clpool.tensor.Completion;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Storage;
import io.github.clpool.tensor.Tensor;
import java.nio.Buffer;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jocl.CL;
import org.jocl.cl_mem;

/**
 * A device buffer, a part of one, or a part of a foreign one, as the memory of a tensor.
 * Thread-safe.
 *
 * <p>A view's elements lie in rows, or begin where the device wants no buffer to begin. For kernels
 * that know dense tensors only it is packed into a temporary buffer, and back.
 */
public final class OpenClStorage extends Storage {
  private final OpenClBackend backend;
  private final Region region;
  private final boolean writable;
  private final Lifetime lifetime;
  private final BufferChecks checks;

  /**
   * Where the elements are.
   *
   * @param mem what kernels and transfers are given, if it holds nothing else; null for a view
   * @param root the buffer that {@code mem} is a part of, or {@code mem} itself
   * @param rows where in {@code root}
   * @param pitches how far they lie apart; null where they are dense
   */
  record Region(cl_mem mem, cl_mem root, Rows rows, Pitches pitches) {
    boolean overlaps(Region other) {
      return root.getNativePointer() == other.root.getNativePointer() && rows.overlaps(other.rows);
    }

    /** What kernels are given for a view of them: the root, or what holds nothing else. */
    cl_mem inPlace() {
      return mem != null ? mem : root;
    }

    /** Where in that the planes of a tensor lie, as {@code View} of lib/planes.clh. */
    void view(Tensor tensor, long[] view) {
      Shape shape = tensor.shape();
      boolean ofPlanes = tensor.layout() == Layout.NCHW;
      view[0] = mem != null ? 0 : rows.offset() / tensor.type().bytes();
      view[1] = pitches != null ? pitches.image() : shape.c() * shape.planeSize();
      view[2] = pitches != null ? pitches.pitch() : ofPlanes ? shape.planeSize() : shape.c();
    }
  }

  /**
   * How far rows lie apart, in elements.
   *
   * @param image from one batch position to the next
   * @param pitch from one plane to the next, or, channels last, from one cell to the next
   */
  record Pitches(long image, long pitch) {}

  /** Frees what must be freed by {@code free}, once nobody uses the storage any more. */
  OpenClStorage(
      OpenClBackend backend,
      DataType type,
      Region region,
      boolean writable,
      BufferChecks checks,
      Runnable free) {
    super(backend, type, region.rows().total() / type.bytes());
    this.backend = backend;
    this.region = region;
    this.writable = writable;
    this.checks = checks;
    this.lifetime = new Lifetime("tensor memory", free);
  }

  /** A part, which ends a use of what it is a part of when it is closed. */
  private OpenClStorage(OpenClStorage of, Region region) {
    super(of.backend, of.type(), region.rows().total() / of.type().bytes());
    this.backend = of.backend;
    this.region = region;
    this.writable = of.writable;
    this.checks = of.checks;
    this.lifetime =
        new Lifetime(
            "tensor memory",
            () -> {
              try {
                if (region.mem() != null) {
                  Calls.code(() -> CL.clReleaseMemObject(region.mem()));
                }
              } finally {
                of.lifetime.done();
              }
            });
  }

  static OpenClStorage allocate(OpenClBackend backend, DataType type, long elements) {
    long bytes = DeviceMemoryException.bytes(type, elements);
    Memory memory = backend.memory();
    Memory.Allocation allocation = memory.allocate(bytes);
    cl_mem mem = allocation.mem();
    return new OpenClStorage(
        backend,
        type,
        new Region(mem, mem, Rows.dense(0, bytes), null),
        true,
        new BufferChecks(),
        () -> memory.free(allocation));
  }

  public OpenClBackend backend() {
    return backend;
  }

  /** What others may give to kernels of their own; null for a view. */
  public cl_mem mem() {
    checks.letOthersWrite();
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
    region.rows().pack(backend.context(), region.root(), dense);
  }

  /** Starts to copy a dense buffer to a view's elements. */
  void unpack(cl_mem dense) {
    region.rows().unpack(backend.context(), dense, region.root());
  }

  /** Refuses a foreign buffer that kernels may only read. */
  void checkWritable(String name) {
    Require.that(
        writable, "%s is in memory made with CL_MEM_READ_ONLY, but must be writable", name);
  }

  Region region() {
    return region;
  }

  /** What the elements are bad by, maybe. */
  List<FaultCheck> checks() {
    return checks.of(region.rows());
  }

  /** Says so of the elements that are computed now. */
  void computedUnder(List<FaultCheck> theirs) {
    checks.written(region.rows(), theirs);
  }

  /** When the elements became what they are; empty if others may have written them. */
  OptionalLong unchangedSince() {
    return checks.unchangedSince();
  }

  /** Whether another queue may read them, since the host wrote last, and waited for that. */
  boolean haveArrived() {
    return checks.hasArrived();
  }

  /** Says that they will be written. */
  void change() {
    checks.change();
  }

  Lifetime lifetime() {
    return lifetime;
  }

  @Override
  public void write(long first, Buffer source) {
    Buffers.checkSource(source, this, first);
    boolean replacesAll = source.remaining() == elements();
    backend.checks().settleWhatQuotes(this);
    boolean[] ended = new boolean[1];
    long when;
    try {
      copy(
          source,
          !replacesAll,
          true,
          dense -> ended[0] = backend.transfers().write(dense, first * type().bytes(), source));
    } finally {
      when = checks.change();
    }
    if (replacesAll) {
      when = checks.written(region.rows(), List.of());
    }
    if (ended[0] && !isView()) {
      checks.arrived(when);
    }
  }

  @Override
  public void read(long first, Buffer target) {
    Buffers.checkTarget(target, this, first);
    checks().forEach(FaultCheck::await);
    copy(
        target,
        true,
        false,
        dense -> backend.transfers().read(dense, first * type().bytes(), target));
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
    Memory.Allocation dense = backend.memory().allocate(bytes());
    try {
      if (needsOthers) {
        pack(dense.mem());
      }
      transfer.accept(dense.mem());
      if (writes) {
        unpack(dense.mem());
      }
    } finally {
      backend.memory().free(dense);
    }
  }

  @Override
  public void copyTo(Storage target) {
    if (!(Require.present("target", target) instanceof OpenClStorage other)
        || other.backend != backend) {
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
    target.change();
    if (region.rows().isDense() && target.region.rows().isDense()) {
      copyDense(target.region);
    } else {
      copyPacked(true, false, target::unpack);
    }
    target.computedUnder(checks());
    backend.checks().collect(checks());
  }

  /** From buffer to buffer, since PoCL 3.1 crashes where a part is copied to its own buffer. */
  private void copyDense(Region to) {
    if (bytes() > 0) {
      OpenClContext context = backend.context();
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
      Rows rows = region.rows().part(first * type().bytes(), elements * type().bytes());
      boolean isForKernels =
          rows.isDense()
              && rows.total() > 0
              && rows.offset() % backend.context().properties().baseAlignment() == 0;
      cl_mem mem =
          isForKernels
              ? ForeignBuffer.subBuffer(
                  backend.context(), region.root(), rows.offset(), rows.total(), writable)
              : null;
      return new OpenClStorage(this, new Region(mem, region.root(), rows, region.pitches()));
    } catch (Throwable failed) {
      lifetime.done();
      throw failed;
    }
  }

  @Override
  public Completion ready() {
    lifetime.use();
    try {
      return backend.ready(checks());
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
