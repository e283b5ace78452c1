// The gradient of a gate's weights: what the columns of outputs give to each, which parameter_gradient.cl sums.
// Taps in the padding give nothing. docs/semantics.md, 2.2 and 5, mix().gated().
//
// Macros (defaults): TYPE (FLOAT32), CHANNELS_LAST (0), LARGE (0), LONG_SUMS (1).
// Arguments: x; what each output gives to its gate; the sums of columns, by plane, tap and column; the axes
//   (lib/regions.clh); the height and width of the window; the grid (lib/planes.clh), whose cells are (tap, column).
#include "lib/types.clh"
#include "lib/sources.clh"
#include "lib/sums.clh"

typedef struct {
  Magic by_height, by_width;
} Window;

// The cell at a tap of an output's window along one axis, -1 in the padding.
static inline int cell_along(Axis axis, int tap, int output) {
  const int cell = output * axis.stride - axis.before + tap * axis.dilation;
  return cell >= 0 && cell < axis.size ? cell : -1;
}

__kernel void gate_gradient(TENSOR(const T, x), __global const C *restrict terms,
                            __global C *restrict columns, const Axis d, const Axis h, const Axis w,
                            const Window window, const Grid grid) {
  BEGIN_PLACE;
  const int taps_of_window = d.taps * h.taps * w.taps;
  const int column = rest_of(place.cell, w.by_outputs);
  const Position tap =
      position_of(quotient(place.cell, w.by_outputs), window.by_height, window.by_width);
  const int cell_w = cell_along(w, tap.w, column);
  __global const T *plane = PLANE(x, INPUTS);
  __global const C *terms_of_plane = DENSE_PLANE(terms, OUTPUTS);
  Sum over_d = sum_after(0);
  for (int i = 0; i < d.outputs; i++) {
    const int cell_d = cell_along(d, tap.d, i);
    Sum over_h = sum_after(0);
    for (int j = 0; j < h.outputs; j++) {
      const int cell_h = cell_along(h, tap.h, j);
      const bool inside = cell_d >= 0 && cell_h >= 0 && cell_w >= 0;
      const int cell = inside ? (cell_d * h.size + cell_h) * w.size + cell_w : 0;
      const C term = terms_of_plane[DENSE_OFFSET((i * h.outputs + j) * w.outputs + column)];
      sum_add(&over_h, inside ? term * LOAD(plane, OFFSET(x, cell)) : SKIPPED);
    }
    sum_add(&over_d, sum_end(&over_h));
  }
  columns[(ulong)place.plane * taps_of_window * w.outputs + place.cell] = sum_end(&over_d);
}
