// The gradient of a reduction that selects a cell of each window, small windows: a work-item makes a block of
// cells; each adds what the outputs that selected it got, in ascending order in one plain running sum.
// docs/semantics.md, 5.
//
// Macros (defaults): TYPE (FLOAT32), CHANNELS_LAST (0), LARGE (0), ACCUMULATE (0), MAGNITUDES (0), those of
//   lib/unrolled.clh, but no dilation.
// Arguments: as in selection_gradient.cl, whose grid counts blocks of each slice; how slices are cut.
#include "lib/types.clh"
#include "lib/tile_covers.clh"
#include "lib/slopes.clh"

__kernel void tile_selection_gradient(SLOPES_PARAMETER TENSOR(const T, grad_output), TENSOR(const int, indices),
                                      TENSOR(T, grad_input), const Axis d, const Axis h,
                                      const Axis w, __global const int *restrict tables, const Grid grid,
                                      const Tiles tiles) {
  BEGIN_PLACE;
  const Block block = block_of(place.cell, tiles, d, h, w);
  C sums[BLOCK_H][BLOCK_W], slopes[BLOCK_H][BLOCK_W];
  UNROLL for (int r = 0; r < BLOCK_H; r++)
    UNROLL for (int c = 0; c < BLOCK_W; c++) {
      const bool here = HAS_ROW(block, r) && HAS_COLUMN(block, c);
      sums[r][c] = (C)0;
      slopes[r][c] = SLOPE_AT(here, FLAT_CELL(block, r), c);
    }
  UNROLL for (int i = 0; i < COVERS_D; i++)
    UNROLL for (int j = 0; j < COVERS_H; j++) {
      const int row = FLAT_OUTPUT(block, i, j);
      __global const int *indices_of_row = PLANE(indices, OUTPUTS) + OFFSET_OF_ROW(indices, row);
      __global const T *grad_of_row = PLANE(grad_output, OUTPUTS) + OFFSET_OF_ROW(grad_output, row);
      const bool row_exists = EXISTS_D(block, i) && EXISTS_H(block, j);
#if ROW_LOADS
      int indices_at_once[COLUMNS];
      T grad_at_once[COLUMNS];
      STORE_VECTOR(COLUMNS, row_exists ? LOAD_NEIGHBOURS(PASTE(int, COLUMNS), COLUMNS, indices_of_row + LEAD_W)
                                       : (PASTE(int, COLUMNS))(-1), indices_at_once);
      STORE_VECTOR(COLUMNS, row_exists ? LOAD_NEIGHBOURS(VECTOR_OF_T(COLUMNS), COLUMNS, grad_of_row + LEAD_W)
                                       : (VECTOR_OF_T(COLUMNS))(0), grad_at_once);
#endif
      UNROLL for (int k = 0; k < COVERS_W; k++) {
        const bool exists = row_exists && EXISTS_W(block, k);
#if ROW_LOADS
        const int n = LOADED_BY_ROWS(k) ? k - LEAD_W : 0;
        const int selected = LOADED_BY_ROWS(k) ? indices_at_once[n] : exists ? indices_of_row[k] : -1;
        const C g = LOADED_BY_ROWS(k) ? WIDEN(grad_at_once[n]) : exists ? LOAD(grad_of_row, k) : (C)0;
#else
        const int selected = exists ? indices_of_row[OFFSET(indices, k)] : -1;
        const C g = exists ? LOAD(grad_of_row, OFFSET(grad_output, k)) : (C)0;
#endif
        UNROLL for (int r = 0; r < BLOCK_H; r++)
          UNROLL for (int c = 0; c < BLOCK_W; c++)
            if (REACHES_H(j, r) && REACHES_W(k, c) && selected == FLAT_CELL(block, r) + c)
              sums[r][c] += g * slopes[r][c];
      }
    }
  UNROLL for (int r = 0; r < BLOCK_H; r++)
    if (HAS_ROW(block, r)) {
      STORE_GRADIENTS(grad_input, block, FLAT_CELL(block, r), sums[r]);
    }
}
