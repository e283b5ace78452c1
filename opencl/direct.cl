// Any reduction over any regions: one work-item per output. docs/semantics.md, 4 and 5.
//
// Macros (defaults): REDUCTION ("reductions/max.clh") and its own, TYPE (FLOAT32), DIVISION (NATIVE_DIVISION),
//   CHANNELS_LAST (0), LONG_SUMS (1), FRACTIONAL (0), those of lib/outputs.clh.
// Arguments: BUFFERS and GEOMETRY of lib/outputs.clh. Work-items: (channel, output, image) as in lib/planes.clh.
#ifndef REDUCTION
#define REDUCTION "reductions/max.clh"
#endif
#include "lib/outputs.clh"
#include "lib/gradients.clh"
#include "lib/region_in_memory.clh"
#include REDUCTION
#include "lib/results.clh"

__kernel void direct(BUFFERS GEOMETRY) {
  BEGIN_PLACE;
  const int output = place.cell;
  const Box box = region_of(d, h, w, TABLES_OF_PLANE, output);
  Region region;
  region.x = X_OF_PLANE;
  region.logits = LOGITS_OF_PLANE;
  region.weights = WEIGHTS_OF_CHANNEL;
  region.box = box;
  region.channels = grid.channels.by;
  region.count = volume(box);
  region.divisor = divisor_of(d, h, w, box.d, box.h, box.w, fixed_divisor);
  region.taps_h = h.taps;
  region.taps_w = w.taps;
  region.u = UNIFORM(output);
  region.choice = CHOICE_OF_PLANE;
  Result result;
  COMPUTE(result, region, output);
  STORE_RESULT(result, output);
}
