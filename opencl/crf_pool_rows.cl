// CrfPool, row by row of a matrix with a row for each node and a column for each cluster: softmax, its
// gradient, and the first maximum. docs/semantics.md, 6.
//
// Macros (defaults): TYPE (FLOAT32), DIVISION (NATIVE_DIVISION), WIDE (0; 1: eight columns at a time, of at
//   least eight).
// Arguments: the buffers, the numbers of rows and columns. Work-items: (row).
#include "lib/types.clh"
#include "lib/division.clh"
#include "lib/exact_vectors.clh"

typedef C V;
#include "lib/block_sums.clh"

#ifndef WIDE
#define WIDE 0
#endif

// NaN if any number is NaN; the sign of a zero changes no softmax.
static inline C greatest(__global const C *row, uint columns) {
  C m = -(C)INFINITY;
  uint i = 0;
#if WIDE
  VC most = m;
  for (; i + LANES <= columns; i += LANES) {
    const VC x = LOAD_WHOLE(row + i);
    most = x > most || x != x ? x : most;
  }
  C lanes[LANES];
  STORE_WHOLE(most, lanes);
  for (int j = 0; j < LANES; j++) m = lanes[j] > m || lanes[j] != lanes[j] ? lanes[j] : m;
#endif
  for (; i < columns; i++) m = row[i] > m || row[i] != row[i] ? row[i] : m;
  return m;
}

__kernel void crf_pool_softmax(__global const C *restrict q, __global C *restrict to,
                               const uint rows, const uint columns) {
  const uint row = get_global_id(0);
  if (row >= rows) return;
  __global const C *from = q + (ulong)row * columns;
  __global C *e = to + (ulong)row * columns;
  const C m = greatest(from, columns);
  uint i = 0;
#if WIDE
  for (; i + LANES <= columns; i += LANES) STORE_WHOLE(exact_exps(LOAD_WHOLE(from + i) - m), e + i);
#endif
  for (; i < columns; i++) e[i] = exact_exp(from[i] - m);
  C total;
  SUM_TERMS(total, j, columns, e[j]);
  i = 0;
#if WIDE && (TYPE == FLOAT64 || DIVISION == NATIVE_DIVISION)
  for (; i + LANES <= columns; i += LANES) STORE_WHOLE(LOAD_WHOLE(e + i) / total, e + i);
#endif
  for (; i < columns; i++) e[i] = divide(e[i], total);
}

__kernel void crf_pool_one_hot(__global const C *restrict q, __global C *restrict to,
                               const uint rows, const uint columns) {
  const uint row = get_global_id(0);
  if (row >= rows) return;
  __global const C *from = q + (ulong)row * columns;
  BITS best = key_of(from[0]);
  uint first = 0;
  for (uint i = 1; i < columns; i++) {
    const BITS key = key_of(from[i]);
    const bool better = key > best || is_nan_key(key);
    first = better ? i : first;
    best = better ? key : best;
  }
  for (uint i = 0; i < columns; i++) to[(ulong)row * columns + i] = i == first ? (C)1 : (C)0;
}

__kernel void crf_pool_through_softmax(__global const C *restrict softmax,
                                       __global const C *restrict gradients,
                                       __global C *restrict to, const uint rows,
                                       const uint columns) {
  const uint row = get_global_id(0);
  if (row >= rows) return;
  __global const C *s = softmax + (ulong)row * columns;
  __global const C *g = gradients + (ulong)row * columns;
  C mean;
  SUM_TERMS(mean, i, columns, g[i] * s[i]);
  for (uint i = 0; i < columns; i++) to[(ulong)row * columns + i] = s[i] * (g[i] - mean);
}
