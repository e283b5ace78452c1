// Unpooling on a CPU: a work-item owns some planes and stores the values of each in ascending order, so
// that the highest flat index wins. Layout NCHW. docs/semantics.md, section 6.
//
// Macros (defaults): TYPE (FLOAT32), ACCUMULATE (0),
//   DISTINCT (0): whether no two values of a plane name one cell.
// Arguments: the buffers; the number of cells of an input and of an output plane; the number of planes
//   and of planes per work-item; the fault, a plane.
#include "lib/types.clh"
#include "lib/gradients.clh"

#ifndef DISTINCT
#define DISTINCT 0
#endif

// Whether all positions of a plane are cells or -1; if not, the plane is a fault.
static inline bool all_good(__global const int *restrict where, uint inputs, uint outputs, ulong plane,
                            __global uint *restrict fault) {
  int bad = 0;
  for (uint i = 0; i < inputs; i++) bad |= where[i] < -1 || where[i] >= (int)outputs;
  if (bad != 0) atomic_min(fault, (uint)plane);
  return bad == 0;
}

__kernel void max_unpool_planes_forward(__global const T *restrict x,
                                        __global const int *restrict positions,
                                        __global T *restrict y, const uint inputs, const uint outputs,
                                        const ulong planes, const uint planes_per_item,
                                        __global uint *restrict fault) {
  const ulong first = (ulong)get_global_id(0) * planes_per_item;
  const ulong end = min(first + planes_per_item, planes);
  for (ulong plane = first; plane < end; plane++) {
    __global T *restrict to = y + plane * outputs;
    __global const T *restrict from = x + plane * inputs;
    __global const int *restrict where = positions + plane * inputs;
    if (!all_good(where, inputs, outputs, plane, fault)) continue;
    for (uint i = 0; i < outputs; i++) to[i] = (T)0;
    for (uint i = 0; i < inputs; i++)
      if (where[i] >= 0) to[where[i]] = from[i];
  }
}

// owners: a plane of the output's size for each work-item. An entry is read only after it was written.
__kernel void max_unpool_planes_backward(__global const T *restrict grad_output,
                                         __global const int *restrict positions,
#if !DISTINCT
                                         __global int *restrict owners,
#endif
                                         __global T *restrict grad_input, const uint inputs,
                                         const uint outputs, const ulong planes,
                                         const uint planes_per_item, __global uint *restrict fault) {
  const ulong first = (ulong)get_global_id(0) * planes_per_item;
  const ulong end = min(first + planes_per_item, planes);
  for (ulong plane = first; plane < end; plane++) {
    __global const T *restrict from = grad_output + plane * outputs;
    __global T *restrict to = grad_input + plane * inputs;
    __global const int *restrict where = positions + plane * inputs;
    if (!all_good(where, inputs, outputs, plane, fault)) continue;
#if !DISTINCT
    __global int *restrict owner = owners + (ulong)get_global_id(0) * outputs;
    for (uint i = 0; i < inputs; i++)
      if (where[i] >= 0) owner[where[i]] = (int)i;
#endif
    for (uint i = 0; i < inputs; i++) {
      bool wins = where[i] >= 0;
#if !DISTINCT
      wins = wins && owner[where[i]] == (int)i;
#endif
      store_gradient(to, i, wins ? LOAD(from, where[i]) : (C)0);
    }
  }
}
