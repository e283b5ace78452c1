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

__kernel void max_unpool_distinct_clear(__global T *restrict y, const uint inputs, const uint outputs,
                                        const Grid grid) {
  BEGIN_PLACE;
  PLANE(y, outputs)[OFFSET(place.cell)] = (T)0;
}

__kernel void max_unpool_distinct_forward(__global const T *restrict x,
                                          __global const int *restrict positions,
                                          __global T *restrict y, const uint inputs,
                                          const uint outputs, const Grid grid,
                                          __global uint *restrict fault) {
  BEGIN_PLACE;
  const ulong offset = OFFSET(place.cell);
  const int position = PLANE(positions, inputs)[offset];
  if (names_cell(position, outputs, place.plane, fault))
    PLANE(y, outputs)[OFFSET(position)] = PLANE(x, inputs)[offset];
}

__kernel void max_unpool_distinct_backward(__global const T *restrict grad_output,
                                           __global const int *restrict positions,
                                           __global T *restrict grad_input, const uint inputs,
                                           const uint outputs, const Grid grid,
                                           __global uint *restrict fault) {
  BEGIN_PLACE;
  const ulong offset = OFFSET(place.cell);
  const int position = PLANE(positions, inputs)[offset];
  const bool named = names_cell(position, outputs, place.plane, fault);
  const C g = named ? LOAD(PLANE(grad_output, outputs), OFFSET(position)) : (C)0;
  store_gradient(PLANE(grad_input, inputs), offset, g);
}
