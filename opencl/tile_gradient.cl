// The gradient of any reduction that selects no cell, over small windows: a work-item makes a block of cells
// from what the outputs that cover it give, which it loads once, into registers. docs/semantics.md, 2.2, 5.
//
// Macros (defaults): REDUCTION ("reductions/avg.clh") and its own, TYPE (FLOAT32), DIVISION (NATIVE_DIVISION),
//   CHANNELS_LAST (0), LARGE (0), ACCUMULATE (0), those of lib/cells.clh and lib/unrolled.clh, but no dilation.
// Arguments: BUFFERS and GEOMETRY of lib/cells.clh, whose grid counts blocks of each slice; how slices are cut.
#ifndef REDUCTION
#define REDUCTION "reductions/avg.clh"
#endif
#include "lib/cells.clh"
#include "lib/tile_covers.clh"
#define LONG_SUMS 0
#include "lib/sums.clh"

#define COVERING (COVERS_D * COVERS_H * COVERS_W)

typedef struct {
  int index, row, column;  // flat, and in the block
  C x, logit;
  __global const C *weights;
} Cell;

// The outputs that may cover the block, and which of them there are.
typedef struct {
  const void *givens;
  const bool *exists;
  int row, column;  // the cell's
  int depth;        // of the cell, counted from the first tap of the first output
} Covers;

#define given(covers, output) ((const Given *)(covers).givens)[output]
#define TAP_WEIGHT_OF(cell, output)                                                                        \
  (cell).weights[((covers.depth - (output) / (COVERS_H * COVERS_W) * STRIDE_D) * KERNEL_H +                \
                  TAP_H((output) / COVERS_W % COVERS_H, (cell).row)) * KERNEL_W +                          \
                 TAP_W((output) % COVERS_W, (cell).column)]
#define REACHES(covers, output)                                                                            \
  (REACHES_H((output) / COVERS_W % COVERS_H, (covers).row) && REACHES_W((output) % COVERS_W, (covers).column))
#define FOR_EACH_OUTPUT(output, covers)                                                                    \
  UNROLL for (int output = 0; output < COVERING; output++)                                                 \
    if (REACHES(covers, output) && (covers).exists[output])
#define SUM_OUTPUTS(total, covers, output, term)                                                           \
  {                                                                                                        \
    C over_w_ = SKIPPED;                                                                                   \
    UNROLL for (int k_ = 0; k_ < COVERS_W; k_++) {                                                         \
      C over_d_ = SKIPPED;                                                                                 \
      UNROLL for (int i_ = 0; i_ < COVERS_D; i_++) {                                                       \
        C over_h_ = SKIPPED;                                                                               \
        UNROLL for (int j_ = 0; j_ < COVERS_H; j_++) {                                                     \
          const int output = (i_ * COVERS_H + j_) * COVERS_W + k_;                                         \
          if (REACHES_H(j_, (covers).row)) over_h_ += (covers).exists[output] ? (term) : SKIPPED;          \
        }                                                                                                  \
        over_d_ += over_h_;                                                                                \
      }                                                                                                    \
      if (REACHES_W(k_, (covers).column)) over_w_ += over_d_;                                              \
    }                                                                                                      \
    total = over_w_;                                                                                       \
  }
#include REDUCTION

__kernel void tile_gradient(BUFFERS GEOMETRY, const Tiles tiles) {
  BEGIN_PLACE;
  const Block block = block_of(place.cell, tiles, d, h, w);
  Given givens_of_block[COVERING];
  bool exists[COVERING];
  UNROLL for (int i = 0; i < COVERS_D; i++)
    UNROLL for (int j = 0; j < COVERS_H; j++) {
      __global const Given *row = DENSE_PLANE(givens, OUTPUTS) + DENSE_ROW_OFFSET(FLAT_OUTPUT(block, i, j));
      UNROLL for (int k = 0; k < COVERS_W; k++) {
        const int output = (i * COVERS_H + j) * COVERS_W + k;
        exists[output] = EXISTS_D(block, i) && EXISTS_H(block, j) && EXISTS_W(block, k);
        if (exists[output]) givens_of_block[output] = row[DENSE_OFFSET(k)];
      }
    }
  UNROLL for (int r = 0; r < BLOCK_H; r++) {
    const int first = FLAT_CELL(block, r);
    if (HAS_ROW(block, r)) {
#if GRAD_INPUT
      C sums[BLOCK_W];
#endif
#if GRAD_LOGITS
      C logit_sums[BLOCK_W];
#endif
      UNROLL for (int c = 0; c < BLOCK_W; c++)
        if (HAS_COLUMN(block, c)) {
          const Cell cell = {first + c, r, c, X_AT(first, c), LOGIT_AT(first, c), WEIGHTS_OF_CHANNEL};
          const Covers covers = {givens_of_block, exists, r, c, block.d + d.before - block.od * STRIDE_D};
#if GRAD_INPUT
          sums[c] = gradient_of(covers, cell);
#endif
#if GRAD_LOGITS
          logit_sums[c] = logit_gradient_of(covers, cell);
#endif
        }
#if GRAD_INPUT
      STORE_GRADIENTS(grad_input, block, first, sums);
#endif
#if GRAD_LOGITS
      STORE_GRADIENTS(grad_logits, block, first, logit_sums);
#endif
    }
  }
}
