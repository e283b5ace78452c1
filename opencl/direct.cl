// Any reduction over any regions: one work-item per output. docs/semantics.md, 4 and 5.
//
// Macros (defaults): REDUCTION ("reductions/max.clh") and its own, TYPE (FLOAT32), DIVISION (NATIVE_DIVISION),
//   CHANNELS_LAST (0), LARGE (0), LONG_SUMS (1), FRACTIONAL (0), those of lib/outputs.clh.
// Arguments: BUFFERS and GEOMETRY of lib/outputs.clh. Work-items: (channel, output, image) as in lib/planes.clh.
#ifndef REDUCTION
#define REDUCTION "reductions/max.clh"
#endif
#include "lib/outputs.clh"
#include "lib/region_in_memory.clh"
#include REDUCTION
#include "lib/results.clh"

__kernel void direct(BUFFERS GEOMETRY) {
  BEGIN_PLACE;
  const int output = place.cell;
  Region region;
  FILL_REGION(region, output);
  Result result;
  COMPUTE(result, region, output);
  STORE_RESULT(result, output);
}
