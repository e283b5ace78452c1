// The gradient of a reduction that selects a cell of each region: one work-item per cell adds what the outputs
// that selected it got, in ascending order in one plain running sum. docs/semantics.md, 5.
//
// Macros (defaults): TYPE (FLOAT32), CHANNELS_LAST (0), LARGE (0), FRACTIONAL (0), ACCUMULATE (0),
//   MAGNITUDES (0): 1: the selected cell counts as its magnitude, and there is x.
// Arguments: the buffers; the axes and their tables (lib/regions.clh); the grid (lib/planes.clh). Work-items:
//   (channel, cell, image).
#include "lib/types.clh"
#include "lib/gradients.clh"
#include "lib/slopes.clh"

__kernel void selection_gradient(SLOPES_PARAMETER TENSOR(const T, grad_output), TENSOR(const int, indices),
                                 TENSOR(T, grad_input), const Axis d, const Axis h, const Axis w,
                                 __global const int *restrict tables, const Grid grid) {
  BEGIN_PLACE;
  const int cell = place.cell;
  const Box covering = covers_of(d, h, w, TABLES_OF_PLANE, cell);
  __global const T *gradient = PLANE(grad_output, OUTPUTS);
  __global const int *selected = PLANE(indices, OUTPUTS);
  const C slope = SLOPE_AT(true, 0, cell);
  C sum = (C)0;
  FOR_EACH_POSITION(output, covering)
    if (selected[OFFSET(indices, output)] == cell) sum += LOAD(gradient, OFFSET(grad_output, output)) * slope;
  store_gradient(PLANE(grad_input, INPUTS), OFFSET(grad_input, cell), sum);
}
