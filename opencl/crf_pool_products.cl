// CrfPool: products of matrices, all as sums of multiples of rows. docs/semantics.md, 2.2 and 6.
//
// Macros (defaults): TYPE (FLOAT32), WIDE (0; 1: eight columns at a time, of at least eight), ALL_PAIRS (0;
//   see lib/sparse_rows.clh), SKIP_DEAD_ROWS (0; 1: rows of the sparse matrix whose sum is 0 take no part),
//   GRADIENT (0; 1: the sums are complete gradients), PER_GRAPH (0; 1: a matrix for each graph).
// Arguments: where the terms are, the buffers, the number of rows that come out, their width and how many
//   work-items a row has.
//   Work-items: one for each column, or vector of columns, of each row of each matrix, one after the other.
#include "lib/types.clh"
#include "lib/gradients.clh"
#include "lib/vectors.clh"
#include "lib/sparse_rows.clh"
#include "lib/magic.clh"

#ifndef WIDE
#define WIDE 0
#endif
#ifndef SKIP_DEAD_ROWS
#define SKIP_DEAD_ROWS 0
#endif
#ifndef GRADIENT
#define GRADIENT 0
#endif
#ifndef PER_GRAPH
#define PER_GRAPH 0
#endif

#if WIDE
typedef VC V;
#define GET(p) LOAD_WHOLE(p)
#define PUT(p, v) STORE_WHOLE(v, p)
#define WITHOUT_NEGATIVE_ZERO(v) without_negative_zeros(v)
// The last eight may overlap the eight before them.
#define COLUMN(item, width) min((item) * LANES, (width)-LANES)
#else
typedef C V;
#define GET(p) (*(p))
#define PUT(p, v) (*(p) = (v))
#define WITHOUT_NEGATIVE_ZERO(v) without_negative_zero(v)
#define COLUMN(item, width) (item)
#endif
#include "lib/block_sums.clh"

// Where a work-item works: a column and a row, counted through all matrices; items are those of a row.
#define BEGIN_AT(width, items)                                                \
  const uint column = COLUMN(rest_of((uint)get_global_id(0), items), width); \
  const uint row_of_all = quotient((uint)get_global_id(0), items)
#define AT(matrix, row, width, column) ((matrix) + (ulong)(row) * (width) + (column))

// A sparse matrix in rows times a matrix.
__kernel void crf_pool_multiply(__global const int *restrict pointers,
                                __global const int *restrict columns,
                                __global const C *restrict values, __global const C *restrict right,
                                __global const C *restrict sums, __global C *restrict to,
                                const uint rows, const uint width,
                                const Magic items) {
  BEGIN_AT(width, items);
  const uint row = row_of_all;
  if (row >= rows) return;
  SparseRow entries = sparse_row(pointers, row);
#if SKIP_DEAD_ROWS
  entries.count = sums[row] == (C)0 ? 0 : entries.count;
#endif
  V total;
  SUM_TERMS(total, i, entries.count,
            values[entries.first + i] *
                GET(AT(right, COLUMN_OF(columns, row, entries, i), width, column)));
  PUT(AT(to, row, width, column), total);
}

// A transposed sparse matrix times a matrix: entries are listed by columns, each with its row and its
// place in the matrix, whose own pointers come first.
__kernel void crf_pool_multiply_transposed(__global const int *restrict own_pointers,
                                           __global const int *restrict pointers,
                                           __global const int *restrict rows_of,
                                           __global const int *restrict places,
                                           __global const C *restrict values,
                                           __global const C *restrict right,
                                           __global const C *restrict sums,
                                           __global C *restrict to, const uint rows,
                                           const uint width, const Magic items) {
  BEGIN_AT(width, items);
  const uint row = row_of_all;
  if (row >= rows) return;
  const SparseRow entries = sparse_row(pointers, row);
#define ROW_OF(i) COLUMN_OF(rows_of, row, entries, i)
#define VALUE(i) values[PLACE_OF(places, own_pointers, row, entries, i, ROW_OF(i))]
#define TERM(i) (VALUE(i) * GET(AT(right, ROW_OF(i), width, column)))
  V total;
#if SKIP_DEAD_ROWS
  SUM_TERMS(total, i, entries.count, sums[ROW_OF(i)] == (C)0 ? NO_TERMS : TERM(i));
#else
  SUM_TERMS(total, i, entries.count, TERM(i));
#endif
#if GRADIENT
  total = WITHOUT_NEGATIVE_ZERO(total);
#endif
  PUT(AT(to, row, width, column), total);
}

// Rows of nodes times a matrix with a row for each of their columns: the only one, or their graph's.
__kernel void crf_pool_multiply_small(__global const int *restrict graph_of,
                                      __global const C *restrict nodes,
                                      __global const C *restrict matrices, __global C *restrict to,
                                      const uint rows, const uint width, const Magic items,
                                      const uint inner) {
  BEGIN_AT(width, items);
  const uint row = row_of_all;
  if (row >= rows) return;
#if PER_GRAPH
  __global const C *matrix = AT(matrices, (ulong)graph_of[row] * inner, width, column);
#else
  __global const C *matrix = matrices + column;
#endif
  V total;
  SUM_TERMS(total, i, inner, *AT(nodes, row, inner, i) * GET(matrix + (ulong)i * width));
  PUT(AT(to, row, width, column), total);
}

// The transposed rows of up to 64 nodes times those of another matrix, for each block of nodes. Block b
// of graph g has the nodes from starts[g] + 64 * (b - blocks[g]) on; of all nodes, from 64 * b on.
__kernel void crf_pool_multiply_nodes(__global const int *restrict starts,
                                      __global const int *restrict graph_of_block,
                                      __global const int *restrict blocks,
                                      __global const C *restrict left,
                                      __global const C *restrict right, __global C *restrict to,
                                      const Magic rows, const uint width, const Magic items,
                                      const uint nodes, const uint graphs) {
  BEGIN_AT(width, items);
  const uint block = quotient(row_of_all, rows), row = rest_of(row_of_all, rows);
#if PER_GRAPH
  if (block >= (uint)blocks[graphs]) return;
  const uint graph = graph_of_block[block];
  const uint first = starts[graph] + BLOCK * (block - blocks[graph]);
  const uint end = min(first + BLOCK, (uint)starts[graph + 1]);
#else
  const uint first = BLOCK * block, end = min(first + BLOCK, nodes);
  if (first >= nodes) return;
#endif
  V sum = NO_TERMS;
  for (uint node = first; node < end; node++)
    sum += *AT(left, node, rows.by, row) * GET(AT(right, node, width, column));
  PUT(AT(to, (ulong)block * rows.by + row, width, column), sum);
}

// The sums of the blocks' sums, for each graph or of all.
__kernel void crf_pool_add_blocks(__global const int *restrict blocks,
                                  __global const C *restrict sums, __global C *restrict to,
                                  const Magic rows, const uint width, const Magic items,
                                  const uint nodes, const uint graphs) {
  BEGIN_AT(width, items);
  const uint graph = quotient(row_of_all, rows), row = rest_of(row_of_all, rows);
  if (graph >= graphs) return;
#if PER_GRAPH
  const uint first = blocks[graph], count = blocks[graph + 1] - first;
#else
  const uint first = 0, count = (nodes + BLOCK - 1) / BLOCK;
#endif
  V total;
  SUM_TERMS(total, i, count, GET(AT(sums, (ulong)(first + i) * rows.by + row, width, column)));
  PUT(AT(to, (ulong)graph * rows.by + row, width, column), total);
}

// Some matrices below each other, each transposed to rows x width. Work-items: one for each element.
__kernel void crf_pool_transpose(__global const C *restrict from, __global C *restrict to,
                                 const uint all_rows, const Magic width, const Magic rows) {
  const uint column = rest_of((uint)get_global_id(0), width);
  const uint row = quotient((uint)get_global_id(0), width);
  if (row >= all_rows) return;
  const uint matrix = quotient(row, rows);
  *AT(to, row, width.by, column) =
      *AT(from, matrix * width.by + column, rows.by, rest_of(row, rows));
}
