// Between storage and computing type, around operators of several steps that round only at the end.
// docs/semantics.md, section 2.
//
// Macros (defaults): TYPE (FLOAT32), ACCUMULATE (0: a gradient replaces what is there; 1: it is added).
// Arguments: from, to, the number of elements. Work-items: elements.
#include "lib/types.clh"
#include "lib/gradients.clh"

__kernel void convert_widen(__global const T *restrict from, __global C *restrict to, const long count) {
  const long i = get_global_id(0);
  if (i < count) to[i] = LOAD(from, i);
}

__kernel void convert_gradient(__global const C *restrict from, __global T *restrict to,
                               const long count) {
  const long i = get_global_id(0);
  if (i < count) store_gradient(to, i, from[i]);
}
