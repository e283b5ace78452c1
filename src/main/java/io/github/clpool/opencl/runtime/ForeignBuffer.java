package io.github.clpool.opencl.runtime;

import io.github.clpool.backend.DeviceMemoryException;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Require;
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

  /** The storage of a part; keeps buffer and context alive until it is closed. */
  public OpenClStorage part(long offset, DataType type, long elements) {
    long bytes = DeviceMemoryException.bytes(type, elements);
    Require.that(
        offset <= size && bytes <= size - offset,
        "tensor needs %d bytes from offset %d on, but memory has %d",
        bytes,
        offset,
        size);
    context.lifetime().use();
    cl_mem part;
    try {
      part = offset == 0 ? retained() : subBuffer(origin + offset, bytes);
    } catch (RuntimeException failed) {
      context.lifetime().done();
      throw failed;
    }
    return new OpenClStorage(
        owner,
        type,
        new OpenClStorage.Region(part, root, origin + offset, bytes),
        writable,
        () -> {
          Calls.code(() -> CL.clReleaseMemObject(part));
          context.lifetime().done();
        });
  }

  private cl_mem retained() {
    context.calls().check("clRetainMemObject", () -> CL.clRetainMemObject(memory));
    return memory;
  }

  private cl_mem subBuffer(long from, long bytes) {
    long alignment = context.properties().baseAlignment();
    Require.that(
        from % alignment == 0,
        "offset is %d, byte %d of the whole buffer, but must be a multiple of the device's"
            + " alignment of %d bytes",
        from - origin,
        from,
        alignment);
    Require.that(bytes > 0, "tensor is empty, but an empty part of memory must have offset 0");
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
