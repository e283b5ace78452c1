// The gradient of any reduction that selects no cell, over windows that do not overlap: each cell has what the output
// gives that covers it. docs/semantics.md, 2.2 and 5.
//
// Macros (defaults): REDUCTION ("reductions/avg.clh") and its own, but none that weighs taps, TYPE (FLOAT32), DIVISION
//   (NATIVE_DIVISION), CHANNELS_LAST (0), LARGE (0), ACCUMULATE (0), those of lib/cells.clh and lib/disjoint.clh.
// Arguments: BUFFERS and GEOMETRY of lib/cells.clh. Work-items: VECTOR cells each.
#ifndef REDUCTION
#define REDUCTION "reductions/avg.clh"
#endif
#include "lib/cells.clh"
#include "lib/sums.clh"
#include "lib/disjoint.clh"

typedef struct {
  int index;
  C x, logit;
  __global const C *weights;
} Cell;

typedef struct {
  __global const void *givens;
  Cover cover;
} Covers;

#define given(covers, ignored) ((__global const Given *)(covers).givens)[(covers).cover.of_all]
#define FOR_EACH_OUTPUT(output, covers) \
  for (bool output = true; output && (covers).cover.exists; output = false)
#define SUM_OUTPUTS(total, covers, output, term) \
  total = (covers).cover.exists ? (term) : SKIPPED
#include REDUCTION

__kernel void disjoint_gradient(BUFFERS GEOMETRY) {
  const Lanes lanes = lanes_of(d, h, w, grid);
  if (!lanes.place.exists) return;
  C sums[VECTOR], of_logits[VECTOR];
  UNROLL for (int lane = 0; lane < VECTOR; lane++) {
    PLACE_OF_LANE(lanes, lane);
    const Covers covers = {givens, cover_of_lane(lanes, place, lane, d, h, w, grid)};
    const Cell cell = {place.cell, X_AT(0, place.cell), LOGIT_AT(0, place.cell), WEIGHTS_OF_CHANNEL};
#if GRAD_INPUT
    sums[lane] = gradient_of(covers, cell);
#endif
#if GRAD_LOGITS
    of_logits[lane] = logit_gradient_of(covers, cell);
#endif
  }
#if GRAD_INPUT
  STORE_LANES(grad_input, lanes, sums);
#endif
#if GRAD_LOGITS
  STORE_LANES(grad_logits, lanes, of_logits);
#endif
}
