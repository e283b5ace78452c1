package io.github.clpool.opencl.runtime;

import org.jocl.CL;
import org.jocl.cl_mem;

/**
 * Bytes in a buffer that lie in rows, as many slices of as many rows each; a dense tensor is one
 * row. Rows ascend and share nothing. Immutable.
 *
 * @param offset the first byte
 * @param bytes the bytes of a row
 * @param rows the rows of a slice
 * @param pitch from one row to the next
 * @param slices how many
 * @param slicePitch from one slice to the next, at least that of all its rows
 */
record Rows(long offset, long bytes, long rows, long pitch, long slices, long slicePitch) {
  static Rows dense(long offset, long bytes) {
    return new Rows(offset, bytes, 1, bytes, 1, bytes);
  }

  /** Slices of one row are rows of one slice; a pitch that nothing follows is none. */
  static Rows of(long offset, long bytes, long rows, long pitch, long slices, long slicePitch) {
    if (rows != 1) {
      return new Rows(offset, bytes, rows, pitch, slices, slicePitch);
    }
    long between = slices == 1 ? bytes : slicePitch;
    return new Rows(offset, bytes, slices, between, 1, slices * between);
  }

  boolean isDense() {
    return rows * slices == 1;
  }

  /** Some of the bytes: any of a single row, else whole rows, of whole slices if there are some. */
  Rows part(long first, long length) {
    if (isDense()) {
      return dense(offset + first, length);
    }
    long row = first / bytes;
    long count = length / bytes;
    return slices == 1
        ? of(start(row), bytes, count, pitch, 1, slicePitch)
        : of(start(row), bytes, rows, pitch, count / rows, slicePitch);
  }

  /** Whether all bytes of another belong to this one, as far as that is easily told. */
  boolean covers(Rows other) {
    return equals(other) || isDense() && offset <= other.offset && other.end() <= end();
  }

  /** Of all rows together. */
  long total() {
    return bytes * rows * slices;
  }

  private long end() {
    return start(rows * slices - 1) + bytes;
  }

  private long start(long row) {
    return offset + row / rows * slicePitch + row % rows * pitch;
  }

  /** Whether a byte belongs to both, if they lie in one buffer. */
  boolean overlaps(Rows other) {
    if (total() == 0 || other.total() == 0 || end() <= other.offset || other.end() <= offset) {
      return false;
    }
    long mine = 0;
    long its = 0;
    while (mine < rows * slices && its < other.rows * other.slices) {
      if (start(mine) + bytes <= other.start(its)) {
        mine++;
      } else if (other.start(its) + other.bytes <= start(mine)) {
        its++;
      } else {
        return true;
      }
    }
    return false;
  }

  /** Starts to copy them to the beginning of a dense buffer. */
  void pack(OpenClContext context, cl_mem from, cl_mem dense) {
    copy(context, from, dense, false);
  }

  /** Starts to copy a dense buffer to them. */
  void unpack(OpenClContext context, cl_mem dense, cl_mem to) {
    copy(context, to, dense, true);
  }

  /** Slice by slice, since drivers demand that a slice's pitch is a multiple of a row's. */
  private void copy(OpenClContext context, cl_mem view, cl_mem dense, boolean toView) {
    if (total() == 0) {
      return;
    }
    boolean atOnce = slices == 1 || slicePitch % pitch == 0;
    for (long slice = 0; slice < slices; slice += atOnce ? slices : 1) {
      long[] inView = {offset + slice * slicePitch, 0, 0};
      long[] inDense = {slice * rows * bytes, 0, 0};
      long[] region = {bytes, rows, atOnce ? slices : 1};
      long itsSlicePitch = atOnce && slices > 1 ? slicePitch : rows * pitch;
      context.enqueue(
          "clEnqueueCopyBufferRect of " + total() + " bytes",
          () ->
              CL.clEnqueueCopyBufferRect(
                  context.queue(),
                  toView ? dense : view,
                  toView ? view : dense,
                  toView ? inDense : inView,
                  toView ? inView : inDense,
                  region,
                  toView ? bytes : pitch,
                  toView ? rows * bytes : itsSlicePitch,
                  toView ? pitch : bytes,
                  toView ? itsSlicePitch : rows * bytes,
                  0,
                  null,
                  null));
    }
  }
}
