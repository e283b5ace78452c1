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
  DENSE_PLANE(owners, outputs)[DENSE_OFFSET(place.cell)] = NOBODY;
}

__kernel void max_unpool_claim(TENSOR(const int, positions), __global int *restrict owners,
                               const uint inputs, const uint outputs, const Grid grid, __global uint *restrict fault) {
  BEGIN_PLACE;
  const int position = PLANE(positions, inputs)[OFFSET(positions, place.cell)];
  if (names_cell(position, outputs, place.plane, fault))
    atomic_max(DENSE_PLANE(owners, outputs) + DENSE_OFFSET(position), (int)place.cell);
}

__kernel void max_unpool_forward(TENSOR(const T, x), __global const int *restrict owners, TENSOR(T, y),
                                 const uint inputs, const uint outputs, const Grid grid) {
  BEGIN_PLACE;
  const int owner = DENSE_PLANE(owners, outputs)[DENSE_OFFSET(place.cell)];
  PLANE(y, outputs)[OFFSET(y, place.cell)] =
      owner == NOBODY ? (T)0 : PLANE(x, inputs)[OFFSET(x, owner)];
}

// Only after max_unpool_claim found no fault is every position a cell or -1, so it is checked again.
__kernel void max_unpool_backward(TENSOR(const T, grad_output), TENSOR(const int, positions),
                                  __global const int *restrict owners, TENSOR(T, grad_input),
                                  const uint inputs, const uint outputs, const Grid grid) {
  BEGIN_PLACE;
  const int position = PLANE(positions, inputs)[OFFSET(positions, place.cell)];
  const bool owns = (uint)position < outputs &&
                    DENSE_PLANE(owners, outputs)[DENSE_OFFSET(position)] == (int)place.cell;
  const C g = owns ? LOAD(PLANE(grad_output, outputs), OFFSET(grad_output, position)) : (C)0;
  store_gradient(PLANE(grad_input, inputs), OFFSET(grad_input, place.cell), g);
}
