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
  const Place first_channel = place;
  C sums[BLOCK_H][BLOCK_W * CHANNELS], slopes[BLOCK_H][BLOCK_W][CHANNELS];
  UNROLL for (int r = 0; r < BLOCK_H; r++)
    UNROLL for (int c = 0; c < BLOCK_W; c++)
      UNROLL for (int n = 0; n < CHANNELS; n++) {
        PLACE_OF_CHANNEL(first_channel, n);
        const bool here = HAS_ROW(block, r) && HAS_COLUMN(block, c);
        sums[r][c * CHANNELS + n] = (C)0;
        slopes[r][c][n] = SLOPE_AT(here, FLAT_CELL(block, r), c);
      }
  UNROLL for (int i = 0; i < COVERS_D; i++)
    UNROLL for (int j = 0; j < COVERS_H; j++) {
      const int row = FLAT_OUTPUT(block, i, j);
      const bool row_exists = EXISTS_D(block, i) && EXISTS_H(block, j);
      int selected[COVERS_W][CHANNELS];
      T gradients[COVERS_W][CHANNELS];
      LOAD_OUTPUTS(selected, int, indices, row, row_exists, VECTOR_OF_INT, -1);
      LOAD_OUTPUTS(gradients, T, grad_output, row, row_exists, VECTOR_OF_T, (T)0);
      UNROLL for (int k = 0; k < COVERS_W; k++)
        UNROLL for (int n = 0; n < CHANNELS; n++) {
          const C g = WIDEN(gradients[k][n]);
          UNROLL for (int r = 0; r < BLOCK_H; r++)
            UNROLL for (int c = 0; c < BLOCK_W; c++)
              if (REACHES_H(j, r) && REACHES_W(k, c) && selected[k][n] == FLAT_CELL(block, r) + c)
                sums[r][c * CHANNELS + n] += g * slopes[r][c][n];
        }
    }
  UNROLL for (int r = 0; r < BLOCK_H; r++)
    if (HAS_ROW(block, r)) {
      STORE_GRADIENTS(grad_input, block, FLAT_CELL(block, r), sums[r]);
    }
}
