// CrfPool: for each entry of a sparse matrix the product of two rows, such as the features of two nodes.
// docs/semantics.md, 2.2 and 6. Eight entries side by side, since the additions of one must wait for each
// other.
//
// Macros (defaults): TYPE (FLOAT32), ALL_PAIRS (0; see lib/sparse_rows.clh).
// Arguments: pointers and columns of the sparse matrix, the buffers, the numbers of rows and of columns of
//   the factors. Work-items: ITEMS_OF_ROW for each row, which share its entries.
#include "lib/types.clh"
#include "lib/vectors.clh"
#include "lib/sparse_rows.clh"

#define ITEMS_OF_ROW 8

typedef VC V;
#include "lib/block_sums.clh"

// The left factor is the row of an entry's row, the right one that of its column.
__kernel void crf_pool_dots(__global const int *restrict pointers,
                            __global const int *restrict columns, __global const C *left,
                            __global const C *right, __global C *restrict to, const uint rows,
                            const uint width) {
  const uint row = get_global_id(0) / ITEMS_OF_ROW, item = get_global_id(0) % ITEMS_OF_ROW;
  if (row >= rows) return;
  const SparseRow entries = sparse_row(pointers, row);
  __global const C *mine = left + (ulong)row * width;
  for (uint i = LANES * item; i < entries.count; i += LANES * ITEMS_OF_ROW) {
    __global const C *other[LANES];
    const uint left_over = entries.count - i;
    for (uint e = 0; e < LANES; e++) {
      const uint known = i + min(e, left_over - 1);
      other[e] = right + (ulong)COLUMN_OF(columns, row, entries, known) * width;
    }
    VC dots;
    SUM_TERMS(dots, j, width,
              mine[j] * (VC)(other[0][j], other[1][j], other[2][j], other[3][j], other[4][j],
                             other[5][j], other[6][j], other[7][j]));
    C each[LANES];
    STORE_WHOLE(dots, each);
    for (uint e = 0; e < min((uint)LANES, left_over); e++) to[entries.first + i + e] = each[e];
  }
}
