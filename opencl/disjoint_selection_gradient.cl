// The gradient of a reduction that selects a cell of each region, over windows that do not overlap: a cell has what
// the output got that covers it, if that selected it. docs/semantics.md, 5.
//
// Macros (defaults): TYPE (FLOAT32), CHANNELS_LAST (0), LARGE (0), ACCUMULATE (0), MAGNITUDES (0), those of
//   lib/disjoint.clh.
// Arguments: as in selection_gradient.cl. Work-items: VECTOR cells each.
#include "lib/types.clh"
#include "lib/disjoint.clh"
#include "lib/slopes.clh"

__kernel void disjoint_selection_gradient(SLOPES_PARAMETER TENSOR(const T, grad_output),
                                          TENSOR(const int, indices), TENSOR(T, grad_input), const Axis d,
                                          const Axis h, const Axis w, __global const int *restrict tables,
                                          const Grid grid) {
  const Lanes lanes = lanes_of(d, h, w, grid);
  if (!lanes.place.exists) return;
  C sums[VECTOR];
  UNROLL for (int lane = 0; lane < VECTOR; lane++) {
    PLACE_OF_LANE(lanes, lane);
    const Cover cover = cover_of_lane(lanes, place, lane, d, h, w, grid);
    const int selected = cover.exists ? AT_COVER(indices, cover) : -1;
    const C g = cover.exists ? WIDEN(AT_COVER(grad_output, cover)) : (C)0;
    const C slope = SLOPE_AT(true, 0, place.cell);
    sums[lane] = selected == (int)place.cell ? g * slope : (C)0;
  }
  STORE_LANES(grad_input, lanes, sums);
}
