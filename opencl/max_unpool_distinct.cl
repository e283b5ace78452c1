// Unpooling where no two values of a plane name one cell: values go straight to their cells.
// docs/semantics.md, section 6.
//
// Macros (defaults): TYPE (FLOAT32), CHANNELS_LAST (0), ACCUMULATE (0).
// Arguments: the buffers; the number of cells of an input and of an output plane; channels and planes as
//   in lib/planes.clh; where positions are read also the fault, a plane.
#include "lib/types.clh"
#include "lib/planes.clh"
#include "lib/gradients.clh"
#include "lib/positions.clh"

__kernel void max_unpool_distinct_clear(__global T *restrict y, const uint inputs, const uint outputs,
                                        const uint channels, const uint planes) {
  if (OUT_OF_RANGE(outputs, channels, planes)) return;
  PLANE(y, outputs, channels)[CELL_OFFSET(CELL, channels)] = (T)0;
}

__kernel void max_unpool_distinct_forward(__global const T *restrict x,
                                          __global const int *restrict positions,
                                          __global T *restrict y, const uint inputs,
                                          const uint outputs, const uint channels, const uint planes,
                                          __global uint *restrict fault) {
  if (OUT_OF_RANGE(inputs, channels, planes)) return;
  const ulong offset = CELL_OFFSET(CELL, channels);
  const int position = PLANE(positions, inputs, channels)[offset];
  if (names_cell(position, outputs, PLANE_NUMBER(channels), fault))
    PLANE(y, outputs, channels)[CELL_OFFSET(position, channels)] = PLANE(x, inputs, channels)[offset];
}

__kernel void max_unpool_distinct_backward(__global const T *restrict grad_output,
                                           __global const int *restrict positions,
                                           __global T *restrict grad_input, const uint inputs,
                                           const uint outputs, const uint channels, const uint planes,
                                           __global uint *restrict fault) {
  if (OUT_OF_RANGE(inputs, channels, planes)) return;
  const ulong offset = CELL_OFFSET(CELL, channels);
  const int position = PLANE(positions, inputs, channels)[offset];
  const bool named = names_cell(position, outputs, PLANE_NUMBER(channels), fault);
  const C g = named ? LOAD(PLANE(grad_output, outputs, channels), CELL_OFFSET(position, channels)) : (C)0;
  store_gradient(PLANE(grad_input, inputs, channels), offset, g);
}
