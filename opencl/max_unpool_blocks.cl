// Unpooling where each value stays in a block of its own, as after a pooling over windows that do not overlap: a
// work-item makes the cells of some blocks, so that nothing is scattered. Planes with a value elsewhere are made anew,
// value by value, so that the last one keeps a cell. docs/semantics.md, section 6.
//
// Macros (defaults): TYPE (FLOAT32), CHANNELS_LAST (0), LARGE (0), those of lib/tile_covers.clh, whose windows are the
//   blocks: the outputs of the pooling are the values.
// Arguments: the buffers; a flag for each plane; the axes and the grid of the pooling, which counts tiles; how slices
//   are cut.
#include "lib/types.clh"
#include "lib/tile_covers.clh"
#include "lib/sources.clh"
#include "lib/positions.clh"

__kernel void max_unpool_blocks_clear(__global int *restrict strays, const uint planes) {
  if (get_global_id(0) < planes) strays[get_global_id(0)] = 0;
}

// Whether a position is a cell of a value's block, perhaps in another slice, of which it is one of a tile's rows.
static inline bool is_of_block(int position, int cell, int first_slice, int own_slice, Axis d, int slice) {
  bool is = false;
  UNROLL for (int i = 0; i < STRIDE_D; i++)
    is = is || (first_slice + i < d.size && position == cell + (first_slice + i - own_slice) * slice);
  return is;
}

__kernel void max_unpool_blocks_forward(TENSOR(const T, x), TENSOR(const int, positions), TENSOR(T, y),
                                        __global int *restrict strays, const Axis d,
                                        const Axis h, const Axis w, const Grid grid, const Tiles tiles) {
  BEGIN_PLACE;
  const Block block = block_of(place.cell, tiles, d, h, w);
  T cells[BLOCK_H][BLOCK_W];
  UNROLL for (int r = 0; r < BLOCK_H; r++)
    UNROLL for (int c = 0; c < BLOCK_W; c++) cells[r][c] = (T)0;
  bool strayed = false;
  UNROLL for (int j = 0; j < ROWS; j++) {
    const int row = FLAT_OUTPUT(block, 0, j);
    __global const int *positions_of_row = PLANE(positions, OUTPUTS) + OFFSET_OF_ROW(positions, row);
    __global const T *x_of_row = PLANE(x, OUTPUTS) + OFFSET_OF_ROW(x, row);
    const bool row_exists = EXISTS_D(block, 0) && EXISTS_H(block, j);
    int positions_at_once[COLUMNS];
    T x_at_once[COLUMNS];
#if ROW_LOADS
    LOAD_AT_ONCE(COLUMNS, positions_of_row, row_exists, VECTOR_OF_INT, -1, positions_at_once);
    LOAD_AT_ONCE(COLUMNS, x_of_row, row_exists, VECTOR_OF_T, 0, x_at_once);
#else
    UNROLL for (int k = 0; k < COLUMNS; k++) {
      const bool exists = row_exists && EXISTS_W(block, k);
      positions_at_once[k] = exists ? positions_of_row[OFFSET(positions, k)] : -1;
      x_at_once[k] = exists ? x_of_row[OFFSET(x, k)] : (T)0;
    }
#endif
    UNROLL for (int k = 0; k < COLUMNS; k++) {
      bool at_home = positions_at_once[k] == -1;
      UNROLL for (int r = j * STRIDE_H; r < (j + 1) * STRIDE_H; r++)
        UNROLL for (int c = k * STRIDE_W; c < (k + 1) * STRIDE_W; c++) {
          const int cell = FLAT_CELL(block, r) + c;
          if (positions_at_once[k] == cell) cells[r][c] = x_at_once[k];
          at_home = at_home || (HAS_ROW(block, r) && HAS_COLUMN(block, c) &&
                                is_of_block(positions_at_once[k], cell, block.od * STRIDE_D, block.d, d,
                                            h.size * w.size));
        }
      strayed = strayed || !at_home;
    }
  }
  UNROLL for (int r = 0; r < BLOCK_H; r++)
    if (HAS_ROW(block, r)) {
      __global T *to = PLANE(y, INPUTS) + OFFSET_OF_ROW(y, FLAT_CELL(block, r));
#if VECTOR > 1
      UNROLL for (int c = 0; c < BLOCK_W; c += VECTOR)
        STORE_NEIGHBOURS(VECTOR_OF_T(VECTOR), VECTOR, LOAD_VECTOR(VECTOR, cells[r] + c), to + c);
#else
      UNROLL for (int c = 0; c < BLOCK_W; c++)
        if (HAS_COLUMN(block, c)) to[OFFSET(y, c)] = cells[r][c];
#endif
    }
  if (strayed) strays[place.plane] = 1;
}

// One work-item per plane.
__kernel void max_unpool_blocks_repair(TENSOR(const T, x), TENSOR(const int, positions), TENSOR(T, y),
                                       __global const int *restrict strays,
                                       const uint inputs, const uint outputs, const Grid grid,
                                       __global uint *restrict fault) {
  BEGIN_PLACE;
  if (strays[place.plane] == 0) return;
  __global T *cells = PLANE(y, outputs);
  for (uint i = 0; i < outputs; i++) cells[OFFSET(y, i)] = (T)0;
  for (uint i = 0; i < inputs; i++) {
    const int position = PLANE(positions, inputs)[OFFSET(positions, i)];
    if (names_cell(position, outputs, place.plane, fault)) cells[OFFSET(y, position)] = PLANE(x, inputs)[OFFSET(x, i)];
  }
}
