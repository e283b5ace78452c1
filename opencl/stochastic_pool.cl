// A cell of each region drawn at random (stochastic pooling): one work-item per output. The gradient is
// that of max_pool.cl. docs/semantics.md, 3, 4 and 5.
//
// Macros (defaults): TYPE (FLOAT32), CHANNELS_LAST (0),
//   INDICES (0): whether the index of the drawn cell is stored.
// Arguments: the buffers; the key (lib/philox.clh); the axes d, h, w and their tables (lib/regions.clh);
//   channels and planes as in lib/planes.clh.
#include "lib/types.clh"
#include "lib/planes.clh"
#include "lib/regions.clh"
#include "lib/philox.clh"
#include "lib/draws.clh"

#ifndef INDICES
#define INDICES 0
#endif

__kernel void stochastic_pool_forward(__global const T *restrict x, __global T *restrict y,
#if INDICES
                                      __global int *restrict indices,
#endif
                                      const uint4 key, const int8 d, const int8 h, const int8 w,
                                      __global const int *restrict tables, const uint channels,
                                      const uint planes) {
  BEGIN_OUTPUT(output, region);
  __global const T *plane = PLANE(x, inputs, channels);
  const C u = philox_uniform(key, OUTPUTS_STREAM, PLANE_NUMBER(channels) * outputs + output);
  const int index = drawn_cell(plane, CELL_OFFSET(1, channels), region, u);
  STORE(PLANE(y, outputs, channels), CELL_OFFSET(output, channels),
        index < 0 ? (C)0 : LOAD(plane, CELL_OFFSET(index, channels)));
#if INDICES
  PLANE(indices, outputs, channels)[CELL_OFFSET(output, channels)] = index;
#endif
}
