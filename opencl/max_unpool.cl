// Unpooling where several values may name one cell: every value claims its cell, the highest flat index
// keeps it, then each output cell fetches the value that owns it. docs/semantics.md, section 6.
//
// Macros (defaults): TYPE (FLOAT32), CHANNELS_LAST (0), ACCUMULATE (0).
// Arguments: the buffers; the number of cells of an input and of an output plane; channels and planes as
//   in lib/planes.clh; of max_unpool_claim also the fault, a plane.
#include "lib/types.clh"
#include "lib/planes.clh"
#include "lib/gradients.clh"
#include "lib/positions.clh"

#define NOBODY (-1)

__kernel void max_unpool_clear(__global int *restrict owners, const uint inputs, const uint outputs,
                               const uint channels, const uint planes) {
  if (OUT_OF_RANGE(outputs, channels, planes)) return;
  PLANE(owners, outputs, channels)[CELL_OFFSET(CELL, channels)] = NOBODY;
}

__kernel void max_unpool_claim(__global const int *restrict positions, __global int *restrict owners,
                               const uint inputs, const uint outputs, const uint channels,
                               const uint planes, __global uint *restrict fault) {
  if (OUT_OF_RANGE(inputs, channels, planes)) return;
  const int position = PLANE(positions, inputs, channels)[CELL_OFFSET(CELL, channels)];
  if (names_cell(position, outputs, PLANE_NUMBER(channels), fault))
    atomic_max(PLANE(owners, outputs, channels) + CELL_OFFSET(position, channels), CELL);
}

__kernel void max_unpool_forward(__global const T *restrict x, __global const int *restrict owners,
                                 __global T *restrict y, const uint inputs, const uint outputs,
                                 const uint channels, const uint planes) {
  if (OUT_OF_RANGE(outputs, channels, planes)) return;
  const ulong offset = CELL_OFFSET(CELL, channels);
  const int owner = PLANE(owners, outputs, channels)[offset];
  PLANE(y, outputs, channels)[offset] =
      owner == NOBODY ? (T)0 : PLANE(x, inputs, channels)[CELL_OFFSET(owner, channels)];
}

// Only after max_unpool_claim found no fault is every position a cell or -1, so it is checked again.
__kernel void max_unpool_backward(__global const T *restrict grad_output,
                                  __global const int *restrict positions,
                                  __global const int *restrict owners, __global T *restrict grad_input,
                                  const uint inputs, const uint outputs, const uint channels,
                                  const uint planes) {
  if (OUT_OF_RANGE(inputs, channels, planes)) return;
  const ulong offset = CELL_OFFSET(CELL, channels);
  const int position = PLANE(positions, inputs, channels)[offset];
  const bool owns = (uint)position < outputs &&
                    PLANE(owners, outputs, channels)[CELL_OFFSET(position, channels)] == CELL;
  const C g = owns ? LOAD(PLANE(grad_output, outputs, channels), CELL_OFFSET(position, channels)) : (C)0;
  store_gradient(PLANE(grad_input, inputs, channels), offset, g);
}
