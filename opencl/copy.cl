// Copies floats and does nothing else: what the memory of a device gives a kernel, for benchmarks.
//
//   VECTORS  how many float8 a work-item copies, one after the other; 1 lets the work-items of a
//            GPU share cache lines
//
//   from, to  the floats, without overlap
//   count     how many
#ifndef VECTORS
#define VECTORS 1
#endif

kernel void copy(global const float *restrict from, global float *restrict to, long count) {
  const long first = (long)get_global_id(0) * VECTORS;
  const long whole = count / 8;
  const long end = min(first + VECTORS, whole);
  for (long i = first; i < end; i++) {
    vstore8(vload8(i, from), i, to);
  }
  if (first <= whole && whole < first + VECTORS) {
    for (long i = whole * 8; i < count; i++) {
      to[i] = from[i];
    }
  }
}
