// Unpooling where no two values of a plane name one cell: values go straight to their cells.
// docs/semantics.md, section 6.
//
// Macros (defaults): TYPE (FLOAT32), CHANNELS_LAST (0), LARGE (0), ACCUMULATE (0).
// Arguments: the buffers; the number of cells of an input and of an output plane; the grid
//   (lib/planes.clh); where positions are read also the fault, a plane.
#include "lib/types.clh"
#include "lib/planes.clh"
#include "lib/gradients.clh"
#include "lib/positions.clh"

__kernel void max_unpool_distinct_clear(TENSOR(T, y), const uint inputs, const uint outputs,
                                        const Grid grid) {
  BEGIN_PLACE;
  PLANE(y, outputs)[OFFSET(y, place.cell)] = (T)0;
}

__kernel void max_unpool_distinct_forward(TENSOR(const T, x), TENSOR(const int, positions), TENSOR(T, y),
                                          const uint inputs, const uint outputs, const Grid grid,
                                          __global uint *restrict fault) {
  BEGIN_PLACE;
  const int position = PLANE(positions, inputs)[OFFSET(positions, place.cell)];
  if (names_cell(position, outputs, place.plane, fault))
    PLANE(y, outputs)[OFFSET(y, position)] = PLANE(x, inputs)[OFFSET(x, place.cell)];
}

__kernel void max_unpool_distinct_backward(TENSOR(const T, grad_output), TENSOR(const int, positions),
                                           TENSOR(T, grad_input), const uint inputs, const uint outputs,
                                           const Grid grid, __global uint *restrict fault) {
  BEGIN_PLACE;
  const int position = PLANE(positions, inputs)[OFFSET(positions, place.cell)];
  const bool named = names_cell(position, outputs, place.plane, fault);
  const C g = named ? LOAD(PLANE(grad_output, outputs), OFFSET(grad_output, position)) : (C)0;
  store_gradient(PLANE(grad_input, inputs), OFFSET(grad_input, place.cell), g);
}
