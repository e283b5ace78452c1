// The gradient of any reduction that selects no cell, over any regions: one work-item per cell gathers what the
// outputs that cover it give. docs/semantics.md, 2.2 and 5.
//
// Macros (defaults): REDUCTION ("reductions/avg.clh") and its own, TYPE (FLOAT32), DIVISION (NATIVE_DIVISION),
//   CHANNELS_LAST (0), LARGE (0), LONG_SUMS (1), FRACTIONAL (0), ACCUMULATE (0), those of lib/cells.clh.
// Arguments: BUFFERS and GEOMETRY of lib/cells.clh. Work-items: (channel, cell, image) as in lib/planes.clh.
#ifndef REDUCTION
#define REDUCTION "reductions/avg.clh"
#endif
#include "lib/cells.clh"
#include "lib/sums.clh"

typedef struct {
  int index;
  C x, logit;
  __global const C *weights;
  Axis d, h, w;
} Cell;

// Which tap of an output's window a cell is, along one axis.
static inline int tap_along(Axis axis, int cell, int output) {
  return quotient(cell + axis.before - output * axis.stride, axis.by_dilation);
}

static inline C tap_weight_of(Cell cell, int output) {
  const Position at_cell = position_of(cell.index, cell.h.by_size, cell.w.by_size);
  const Position at_output = position_of(output, cell.h.by_outputs, cell.w.by_outputs);
  const int td = tap_along(cell.d, at_cell.d, at_output.d);
  const int th = tap_along(cell.h, at_cell.h, at_output.h);
  const int tw = tap_along(cell.w, at_cell.w, at_output.w);
  return cell.weights[(td * cell.h.taps + th) * cell.w.taps + tw];
}
#define TAP_WEIGHT_OF(cell, output) tap_weight_of(cell, output)

// The outputs that cover a cell.
#define FOR_EACH_OUTPUT(output, covers) FOR_EACH_POSITION(output, (covers).box)
#define SUM_OUTPUTS(total, covers, output, term) SUM_OVER(total, output, (covers).box, term)
#define given(covers, output) \
  ((__global const Given *)(covers).givens)[CELL_OFFSET(output, (covers).channels)]
typedef struct {
  __global const void *givens;
  Box box;
  uint channels;
} Covers;
#include REDUCTION

__kernel void direct_gradient(BUFFERS GEOMETRY) {
  BEGIN_PLACE;
  const int index = place.cell;
  const Cell cell = {index, X_AT(0, index), LOGIT_AT(0, index), WEIGHTS_OF_CHANNEL, d, h, w};
  const Covers covers = {GIVENS_OF_PLANE, covers_of(d, h, w, TABLES_OF_PLANE, index),
                         grid.channels.by};
#if GRAD_INPUT
  store_gradient(PLANE(grad_input, INPUTS), OFFSET(grad_input, index), gradient_of(covers, cell));
#endif
#if GRAD_LOGITS
  store_gradient(PLANE(grad_logits, INPUTS), OFFSET(grad_logits, index), logit_gradient_of(covers, cell));
#endif
}
