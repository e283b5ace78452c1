// A tensor's elements in another order and type: docs/semantics.md, section 2, rule 10.
//
// Macros (defaults): TYPE (FLOAT32), the other type being float; TRANSPOSED (0: the order stays; 1: each matrix
//   of from stands transposed in to).
// Arguments: from, to; the number of elements, rows and columns of a matrix of from. Work-items: elements of to.
#include "lib/types.clh"

#ifndef TRANSPOSED
#define TRANSPOSED 0
#endif

static inline long place(long i, long rows, long columns) {
#if TRANSPOSED
  const long first = i / (rows * columns) * (rows * columns), column = (i - first) / rows;
  return first + (i - first - column * rows) * columns + column;
#else
  return i;
#endif
}

kernel void conversion_move(global const T *restrict from, global T *restrict to, const long count,
                            const long rows, const long columns) {
  const long i = get_global_id(0);
  if (i < count) to[i] = from[place(i, rows, columns)];
}

kernel void conversion_to_float(global const T *restrict from, global float *restrict to, const long count,
                                const long rows, const long columns) {
  const long i = get_global_id(0);
  if (i < count) to[i] = convert_float_rte(LOAD(from, place(i, rows, columns)));
}

kernel void conversion_from_float(global const float *restrict from, global T *restrict to, const long count,
                                  const long rows, const long columns) {
  const long i = get_global_id(0);
  if (i >= count) return;
  const float x = from[place(i, rows, columns)];
  STORE(to, i, OF_BYTES && isnan(x) ? (C)0 : (C)x);
}
