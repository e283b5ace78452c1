// The gradient of any reduction that selects no cell, over small windows: a work-item makes a block of cells
// from what the outputs that cover it give, which it loads once, into registers. docs/semantics.md, 2.2, 5.
//
// Macros (defaults): REDUCTION ("reductions/avg.clh") and its own, TYPE (FLOAT32), DIVISION (NATIVE_DIVISION),
//   CHANNELS_LAST (0), CHANNELS (1), LARGE (0), ACCUMULATE (0), those of lib/cells.clh and lib/unrolled.clh, but no
//   dilation.
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
  int row, column, channel;  // the cell's
  int depth;        // of the cell, counted from the first tap of the first output
} Covers;

#define given(covers, output) ((const Given *)(covers).givens)[(output)*CHANNELS + (covers).channel]
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
// What given_of asks of a region.
typedef struct {
  C divisor;
} Region;
#include REDUCTION

#if GIVEN_AT_ONCE
#define LOAD_GIVENS(givens, row, i, j, row_exists)                                                         \
  {                                                                                                        \
    T gradients_[COVERS_W][CHANNELS];                                                                      \
    LOAD_OUTPUTS(gradients_, T, grad_output, row, row_exists, VECTOR_OF_T, (T)0);                          \
    UNROLL for (int k_ = 0; k_ < COVERS_W; k_++) {                                                         \
      const Region region_ = {DIVISOR_OF_WINDOW(FIRST_D(block, i), FIRST_H(block, j), FIRST_W(block, k_))}; \
      UNROLL for (int n_ = 0; n_ < CHANNELS; n_++)                                                         \
        (givens)[k_][n_] = given_of(region_, WIDEN(gradients_[k_][n_]));                                   \
    }                                                                                                      \
  }
#else
#define LOAD_GIVENS(givens_of_row, row, i, j, row_exists)                                                  \
  UNROLL for (int k_ = 0; k_ < COVERS_W; k_++)                                                             \
    if (row_exists && EXISTS_W(block, k_))                                                                 \
      UNROLL for (int n_ = 0; n_ < CHANNELS; n_++)                                                         \
        (givens_of_row)[k_][n_] = (DENSE_PLANE(givens, OUTPUTS) + DENSE_ROW_OFFSET(row) + DENSE_OFFSET(k_))[n_]
#endif

__kernel void tile_gradient(BUFFERS GEOMETRY, const Tiles tiles) {
  BEGIN_PLACE;
  const Block block = block_of(place.cell, tiles, d, h, w);
  const Place first_channel = place;
  Given givens_of_block[COVERS_D * COVERS_H][COVERS_W][CHANNELS];
  bool exists[COVERING];
  UNROLL for (int i = 0; i < COVERS_D; i++)
    UNROLL for (int j = 0; j < COVERS_H; j++) {
      const int row = FLAT_OUTPUT(block, i, j);
      const bool row_exists = EXISTS_D(block, i) && EXISTS_H(block, j);
      LOAD_GIVENS(givens_of_block[i * COVERS_H + j], row, i, j, row_exists);
      UNROLL for (int k = 0; k < COVERS_W; k++)
        exists[(i * COVERS_H + j) * COVERS_W + k] = row_exists && EXISTS_W(block, k);
    }
  UNROLL for (int r = 0; r < BLOCK_H; r++) {
    const int first = FLAT_CELL(block, r);
    if (HAS_ROW(block, r)) {
#if GRAD_INPUT
      C sums[BLOCK_W * CHANNELS];
#endif
#if GRAD_LOGITS
      C logit_sums[BLOCK_W * CHANNELS];
#endif
      UNROLL for (int c = 0; c < BLOCK_W; c++)
        UNROLL for (int n = 0; n < CHANNELS; n++)
          if (HAS_COLUMN(block, c)) {
            PLACE_OF_CHANNEL(first_channel, n);
            const Cell cell = {first + c, r, c, X_AT(first, c), LOGIT_AT(first, c), WEIGHTS_OF_CHANNEL};
            const Covers covers = {givens_of_block, exists, r, c, n, block.d + d.before - block.od * STRIDE_D};
#if GRAD_INPUT
            sums[c * CHANNELS + n] = gradient_of(covers, cell);
#endif
#if GRAD_LOGITS
            logit_sums[c * CHANNELS + n] = logit_gradient_of(covers, cell);
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
