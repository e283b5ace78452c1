package io.github.clpool.opencl.runtime;

import io.github.clpool.backend.DeviceMemoryException;
import io.github.clpool.backend.Lifetime;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Require;
import java.util.function.Supplier;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_buffer_region;
import org.jocl.cl_context;
import org.jocl.cl_mem;

/** A buffer that somebody else made. Immutable. */
public final class ForeignBuffer {
  private final OpenClBackend owner;
  private final OpenClContext context;
  private final cl_mem memory;
  private final cl_mem root;
  private final long origin; // in the root
  private final long size;
  private final boolean writable;

  public ForeignBuffer(OpenClBackend owner, cl_mem memory) {
    this.owner = owner;
    this.context = owner.context();
    this.memory = memory;
    cl_context itsContext = new cl_context();
    query(CL.CL_MEM_CONTEXT, Sizeof.cl_context, Pointer.to(itsContext));
    Require.that(
        itsContext.getNativePointer() == context.context().getNativePointer(),
        "memory belongs to another context than the backend");
    Require.that(
        (int) number(CL.CL_MEM_TYPE) == CL.CL_MEM_OBJECT_BUFFER,
        "memory is an image or a pipe, but must be a buffer");
    long flags = number(CL.CL_MEM_FLAGS);
    Require.that(
        (flags & CL.CL_MEM_WRITE_ONLY) == 0,
        "memory was made with CL_MEM_WRITE_ONLY, but kernels must be able to read it");
    this.writable = (flags & CL.CL_MEM_READ_ONLY) == 0;
    this.size = number(CL.CL_MEM_SIZE);
    cl_mem parent = new cl_mem();
    query(CL.CL_MEM_ASSOCIATED_MEMOBJECT, Sizeof.cl_mem, Pointer.to(parent));
    boolean isPart = parent.getNativePointer() != 0;
    this.root = isPart ? parent : memory;
    this.origin = isPart ? number(CL.CL_MEM_OFFSET) : 0;
  }

  private long number(int name) {
    long[] value = new long[1];
    query(name, Sizeof.cl_ulong, Pointer.to(value));
    return value[0];
  }

  private void query(int name, long bytes, Pointer value) {
    context
        .calls()
        .check("clGetMemObjectInfo", () -> CL.clGetMemObjectInfo(memory, name, bytes, value, null));
  }

  /** The storage of a dense part; keeps buffer and context alive until it is closed. */
  public OpenClStorage part(long offset, DataType type, long elements) {
    long bytes = DeviceMemoryException.bytes(type, elements);
    Require.that(
        offset <= size && bytes <= size - offset,
        "tensor needs %d bytes from offset %d on, but memory has %d",
        bytes,
        offset,
        size);
    Require.that(
        offset % type.bytes() == 0,
        "offset is %d, but must be a multiple of the %d bytes of a %s",
        offset,
        type.bytes(),
        type);
    boolean isAligned = (origin + offset) % context.properties().baseAlignment() == 0;
    return storage(
        type,
        Rows.dense(origin + offset, bytes),
        null,
        offset == 0
            ? this::retained
            : () -> subBuffer(context, root, origin + offset, bytes, writable),
        offset == 0 || isAligned && bytes > 0);
  }

  /**
   * The storage of rows of elements.
   *
   * @param first the first element; the others are elements, too
   * @param length the elements of a row
   */
  public OpenClStorage rows(
      DataType type, long first, long length, long rows, long pitch, long slices, long slicePitch) {
    long bytes = type.bytes();
    long room = size / bytes;
    Require.that(
        rows == 1 || pitch >= length,
        "pitch is %d, but must be at least the %d elements of a row",
        pitch,
        length);
    Require.that(
        rows == 1 || pitch <= room / (rows - 1),
        "view with pitch %d needs more than the %d elements of memory",
        pitch,
        room);
    long slice = (rows - 1) * pitch + length;
    Require.that(
        slices <= 1 || slicePitch >= (rows == 1 ? length : rows * pitch),
        "batchPitch is %d, but must be at least the %d elements of a batch position",
        slicePitch,
        rows == 1 ? length : rows * pitch);
    Require.that(
        (slices <= 1 || slicePitch <= room / (slices - 1))
            && first <= room
            && slice <= room
            && (slices - 1) * slicePitch <= room - slice - first,
        "view needs elements after the %d of memory: first is %d, batchPitch %d, pitch %d",
        room,
        first,
        slicePitch,
        pitch);
    return storage(
        type,
        Rows.of(
            origin + first * bytes,
            length * bytes,
            rows,
            pitch * bytes,
            slices,
            slicePitch * bytes),
        new OpenClStorage.Pitches(slicePitch, pitch),
        this::retained,
        false);
  }

  /** Without {@code isForKernels} the storage is a view. */
  private OpenClStorage storage(
      DataType type,
      Rows rows,
      OpenClStorage.Pitches pitches,
      Supplier<cl_mem> reference,
      boolean isForKernels) {
    context.lifetime().use();
    BufferChecks checks = owner.foreignChecks().use(root);
    cl_mem held;
    try {
      held = isForKernels ? reference.get() : retained();
    } catch (Throwable failed) {
      owner.foreignChecks().done(root);
      context.lifetime().done();
      throw failed;
    }
    BufferChecks.Foreign allChecks =
        owner.foreignChecks(); // not the backend, which may be forgotten
    return new OpenClStorage(
        owner,
        type,
        new OpenClStorage.Region(isForKernels ? held : null, root, rows, pitches),
        writable,
        checks,
        () ->
            Lifetime.freeAll(
                () -> allChecks.done(root),
                () -> Calls.code(() -> CL.clReleaseMemObject(held)),
                context.lifetime()::done));
  }

  private cl_mem retained() {
    context.calls().check("clRetainMemObject", () -> CL.clRetainMemObject(memory));
    return memory;
  }

  static cl_mem subBuffer(
      OpenClContext context, cl_mem root, long from, long bytes, boolean writable) {
    return context
        .calls()
        .create(
            "clCreateSubBuffer",
            code ->
                CL.clCreateSubBuffer(
                    root,
                    writable ? CL.CL_MEM_READ_WRITE : CL.CL_MEM_READ_ONLY,
                    CL.CL_BUFFER_CREATE_TYPE_REGION,
                    new cl_buffer_region(from, bytes),
                    code));
  }
}
