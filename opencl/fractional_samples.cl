// Whether the samples that place fractional regions are in [0, 1). docs/semantics.md, section 4.
//
// Macros (defaults): TYPE (FLOAT32).
// Arguments: the samples; their number; the first position where one is not, lowered from 2^32 - 1.
//   Work-items: samples.
#include "lib/types.clh"

__kernel void fractional_samples_check(__global const C *restrict samples, const long count,
                                       __global uint *first_bad) {
  const long at = get_global_id(0);
  if (at >= count) return;
  if (!(samples[at] >= (C)0 && samples[at] < (C)1)) atomic_min(first_bad, (uint)at);
}
