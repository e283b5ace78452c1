// CrfPool, row by row of a sparse matrix: what pairwise weights are divided by, and their gradients.
// docs/semantics.md, 6.
//
// Macros (defaults): TYPE (FLOAT32), DIVISION (NATIVE_DIVISION), MAGNITUDES (0; 1: weights are divided by
//   the sum of their magnitudes), ALL_PAIRS (0; see lib/sparse_rows.clh).
// Arguments: pointers of the sparse matrix and what else is listed of it, the buffers, the number of rows.
//   Work-items: (row).
#include "lib/types.clh"
#include "lib/division.clh"
#include "lib/sparse_rows.clh"

typedef C V;
#include "lib/block_sums.clh"

#ifndef MAGNITUDES
#define MAGNITUDES 0
#endif

__kernel void crf_pool_normalize(__global const int *restrict pointers,
                                 __global const C *restrict weights, __global C *restrict sums,
                                 __global C *restrict quotients, const uint rows) {
  const uint row = get_global_id(0);
  if (row >= rows) return;
  const SparseRow entries = sparse_row(pointers, row);
  weights += entries.first;
  quotients += entries.first;
  C sum;
#if MAGNITUDES
  SUM_TERMS(sum, i, entries.count, fabs(weights[i]));
#else
  SUM_TERMS(sum, i, entries.count, weights[i]);
#endif
  sums[row] = sum;
  for (uint i = 0; i < entries.count; i++) quotients[i] = divide(weights[i], sum);
}

// The gradients of the weights, from those of their quotients.
__kernel void crf_pool_through_normalization(__global const int *restrict pointers,
                                             __global const C *restrict gradients,
                                             __global const C *restrict quotients,
                                             __global const C *restrict weights,
                                             __global const C *restrict sums,
                                             __global C *restrict to, const uint rows) {
  const uint row = get_global_id(0);
  if (row >= rows) return;
  const SparseRow entries = sparse_row(pointers, row);
  gradients += entries.first;
  quotients += entries.first;
  C mean;
  SUM_TERMS(mean, i, entries.count, gradients[i] * quotients[i]);
  for (uint i = 0; i < entries.count; i++) {
    C term = mean;
#if MAGNITUDES
    term *= sign_of(weights[entries.first + i]);
#endif
    to[entries.first + i] = sums[row] == (C)0 ? (C)0 : divide(gradients[i] - term, sums[row]);
  }
}

// For each pair its number plus that of the pair the other way round.
__kernel void crf_pool_add_reversed(__global const int *restrict pointers,
                                    __global const int *restrict columns,
                                    __global const int *restrict places,
                                    __global const C *restrict values, __global C *restrict to,
                                    const uint rows) {
  const uint row = get_global_id(0);
  if (row >= rows) return;
  const SparseRow entries = sparse_row(pointers, row);
  for (uint i = 0; i < entries.count; i++) {
    const uint other = COLUMN_OF(columns, row, entries, i);
    to[entries.first + i] =
        values[entries.first + i] + values[PLACE_OF(places, pointers, row, entries, i, other)];
  }
}
