// Unpooling on a CPU: a work-item owns some planes and stores the values of each in ascending order, so
// that the highest flat index wins. Layout NCHW. docs/semantics.md, section 6.
//
// Macros (defaults): TYPE (FLOAT32), ACCUMULATE (0),
//   DISTINCT (0): whether no two values of a plane name one cell,
//   STREAM (0): whether planes are made in scratch memory, from where they go past the caches to the output,
//   as aligned vectors,
//   PREFETCH (0): how many elements ahead a gradient is prefetched.
// Arguments: the buffers; the number of cells of an input and of an output plane; the number of planes
//   and of planes per work-item; the fault, a plane.
#include "lib/types.clh"
#include "lib/gradients.clh"
#include "lib/whole_vectors.clh"

#ifndef DISTINCT
#define DISTINCT 0
#endif
#ifndef STREAM
#define STREAM 0
#endif
#ifndef PREFETCH
#define PREFETCH 0
#endif

// Whether all positions of a plane are cells or -1; if not, the plane is a fault.
static inline bool all_good(__global const int *restrict where, uint inputs, uint outputs, ulong plane,
                            __global uint *restrict fault) {
  int bad = 0;
  for (uint i = 0; i < inputs; i++) bad |= where[i] < -1 || where[i] >= (int)outputs;
  if (bad != 0) atomic_min(fault, (uint)plane);
  return bad == 0;
}

#if STREAM
// A cache line: what is stored past the caches in parts may be written in parts.
#if TYPE == FLOAT64
#define LINE 8
typedef double8 VT;
#define LOAD_LINE(p) load8(p)
#define STORE_LINE(v, p) store8(v, p)
#else
#define LINE 16
typedef float16 VT;
#define LOAD_LINE(p) load16(p)
#define STORE_LINE(v, p) store16(v, p)
#endif

// Moves a plane on, and leaves zeros.
static inline void move_plane(__global T *restrict from, __global T *restrict to, uint count) {
  for (uint i = 0; i < count; i += LINE) {
    __builtin_nontemporal_store(LOAD_LINE(from + i), (__global VT *)(to + i));
    STORE_LINE((VT)0, from + i);
  }
}
#endif

// scratch: a plane of the output's size for each work-item.
__kernel void max_unpool_planes_forward(__global const T *restrict x,
                                        __global const int *restrict positions,
#if STREAM
                                        __global T *restrict scratch,
#endif
                                        __global T *restrict y, const uint inputs, const uint outputs,
                                        const ulong planes, const uint planes_per_item,
                                        __global uint *restrict fault) {
  const ulong first = (ulong)get_global_id(0) * planes_per_item;
  const ulong end = min(first + planes_per_item, planes);
#if STREAM
  __global T *restrict to = scratch + (ulong)get_global_id(0) * outputs;
  for (uint i = 0; i < outputs; i++) to[i] = (T)0;
#endif
  for (ulong plane = first; plane < end; plane++) {
    __global const T *restrict from = x + plane * inputs;
    __global const int *restrict where = positions + plane * inputs;
    if (!all_good(where, inputs, outputs, plane, fault)) continue;
#if !STREAM
    __global T *restrict to = y + plane * outputs;
    for (uint i = 0; i < outputs; i++) to[i] = (T)0;
#endif
#pragma clang loop vectorize(disable)
    for (uint i = 0; i < inputs; i++)
      if (where[i] >= 0) to[where[i]] = from[i];
#if STREAM
    move_plane(to, y + plane * outputs, outputs);
#endif
  }
}

#if PREFETCH
// A share of a plane's lines, as large as that of 16 inputs among all: positions ascend more or less.
static inline void prefetch_lines(__global const T *plane, uint input, uint inputs, uint outputs) {
  const ulong cell = (ulong)input * outputs / inputs;
  for (ulong i = 0; i < 16ul * outputs / inputs; i += 64 / sizeof(T))
    __builtin_prefetch((const __global char *)(plane + cell + i));
}
#endif

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
#if PREFETCH
      if (i % 16 == 0) prefetch_lines(from + PREFETCH, i, inputs, outputs);
#endif
      bool wins = where[i] >= 0;
#if !DISTINCT
      wins = wins && owner[where[i]] == (int)i;
#endif
      store_gradient(to, i, wins ? LOAD(from, where[i]) : (C)0);
    }
  }
}
