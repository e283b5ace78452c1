// Unpooling where several values may name one cell: every value claims its cell, the highest flat index
// keeps it, then each output cell fetches the value that owns it. docs/semantics.md, section 6.
//
// Macros (defaults): TYPE (FLOAT32), CHANNELS_LAST (0), LARGE (0), ACCUMULATE (0).
// Arguments: the buffers; the number of cells of an input and of an output plane; the grid
//   (lib/planes.clh); of max_unpool_claim also the fault, a plane.
#include "lib/types.clh"
#include "lib/planes.clh"
#include "lib/gradients.clh"
#include "lib/positions.clh"

#define NOBODY (-1)

__kernel void max_unpool_clear(__global int *restrict owners, const uint inputs, const uint outputs,
                               const Grid grid) {
  BEGIN_PLACE;
  PLANE(owners, outputs)[OFFSET(place.cell)] = NOBODY;
}

__kernel void max_unpool_claim(__global const int *restrict positions, __global int *restrict owners,
                               const uint inputs, const uint outputs, const Grid grid, __global uint *restrict fault) {
  BEGIN_PLACE;
  const int position = PLANE(positions, inputs)[OFFSET(place.cell)];
  if (names_cell(position, outputs, place.plane, fault))
    atomic_max(PLANE(owners, outputs) + OFFSET(position), (int)place.cell);
}

__kernel void max_unpool_forward(__global const T *restrict x, __global const int *restrict owners,
                                 __global T *restrict y, const uint inputs, const uint outputs,
                                 const Grid grid) {
  BEGIN_PLACE;
  const ulong offset = OFFSET(place.cell);
  const int owner = PLANE(owners, outputs)[offset];
  PLANE(y, outputs)[offset] =
      owner == NOBODY ? (T)0 : PLANE(x, inputs)[OFFSET(owner)];
}

// Only after max_unpool_claim found no fault is every position a cell or -1, so it is checked again.
__kernel void max_unpool_backward(__global const T *restrict grad_output,
                                  __global const int *restrict positions,
                                  __global const int *restrict owners, __global T *restrict grad_input,
                                  const uint inputs, const uint outputs, const Grid grid) {
  BEGIN_PLACE;
  const ulong offset = OFFSET(place.cell);
  const int position = PLANE(positions, inputs)[offset];
  const bool owns = (uint)position < outputs &&
                    PLANE(owners, outputs)[OFFSET(position)] == (int)place.cell;
  const C g = owns ? LOAD(PLANE(grad_output, outputs), OFFSET(position)) : (C)0;
  store_gradient(PLANE(grad_input, inputs), offset, g);
}
