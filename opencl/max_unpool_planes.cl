// Unpooling on a CPU: a work-item owns some planes and stores the values of each in ascending order, so
// that the highest flat index wins. Layout NCHW. docs/semantics.md, section 6.
//
// A kernel of its own, since max_unpool.cl takes 12 times as long, its gradient 8 times: every value claims its cell
// in memory.
//
// Macros (defaults): TYPE (FLOAT32), ACCUMULATE (0),
//   DISTINCT (0): whether no two values of a plane name one cell,
//   WINDOW (0): a power of 2, how many cells of the output are under way at a time in scratch memory, from
//   where they go past the caches; 0: the output is written where it is,
//   STRIDE (0), ALIGNED (0): see lib/unpool_blocks.clh; 0: values are not expected in blocks of their own,
//   PREFETCH (0): how many elements ahead is prefetched.
// Arguments: the buffers; the number of cells of an input and of an output plane; the number of planes
//   and of planes per work-item; with STRIDE, the sizes of input and output and of blocks; the fault, a
//   plane.
#include "lib/types.clh"
#include "lib/gradients.clh"

#ifndef DISTINCT
#define DISTINCT 0
#endif
#ifndef WINDOW
#define WINDOW 0
#endif
#ifndef STRIDE
#define STRIDE 0
#endif
#include "lib/unpool_blocks.clh"
#ifndef PREFETCH
#define PREFETCH 0
#endif

// Whether all positions are cells or -1; if not, their plane is a fault.
static inline bool all_good(__global const int *restrict where, uint count, uint outputs, ulong plane,
                            __global uint *restrict fault) {
  int bad = 0;
  for (uint i = 0; i < count; i++) bad |= where[i] < -1 || where[i] >= (int)outputs;
  if (bad != 0) atomic_min(fault, (uint)plane);
  return bad == 0;
}

#if WINDOW
// Inputs that are stored together: a multiple of 16.
#define CHUNK 256
#define LINE (64 / (uint)sizeof(T))

// Moves one cell of the window to its place, and leaves a zero.
static inline void move_cell(__global T *restrict window, __global T *restrict lines, ulong cell) {
  lines[cell] = window[cell % WINDOW];
  window[cell % WINDOW] = (T)0;
}

// The same for a range of cells, by whole lines where it has some.
static inline void move_on(__global T *restrict window, __global T *restrict lines, ulong from, ulong to) {
  for (; from < to && from % LINE != 0; from++) move_cell(window, lines, from);
  for (; from + LINE <= to; from += LINE) {
    __global uint16 *line = (__global uint16 *)(window + from % WINDOW);
    __builtin_nontemporal_store(*line, (__global uint16 *)(lines + from));
    *line = (uint16)0;
  }
  for (; from < to; from++) move_cell(window, lines, from);
}

// Stores some neighbouring values of a plane that begins at `start`. Returns what has moved then.
static inline ulong put_chunk(__global const T *restrict from, __global const int *restrict where,
                              uint count, __global T *restrict window, __global T *restrict lines,
                              ulong start, ulong moved, uint outputs, ulong plane,
                              __global uint *restrict fault) {
#if PREFETCH
  for (uint i = 0; i < count; i += 16) {
    __builtin_prefetch((const __global char *)(where + i + PREFETCH));
    __builtin_prefetch((const __global char *)(from + i + PREFETCH));
  }
#endif
  int lowest = INT_MAX;
  int highest = -1;
  for (uint i = 0; i < count; i++) {
    lowest = where[i] < lowest ? where[i] : lowest;
    highest = where[i] > highest ? where[i] : highest;
  }
  if (lowest < -1 || highest >= (int)outputs) {
    atomic_min(fault, (uint)plane);
    return moved;
  }
  const ulong reach = (start + (ulong)(highest + 1) + LINE - 1) / LINE * LINE;
  if (reach > moved + WINDOW) {
    move_on(window, lines, moved, reach - WINDOW);
    moved = reach - WINDOW;
  }
  if (lowest >= 0 && start + (ulong)lowest >= moved) {
#pragma clang loop vectorize(disable) unroll_count(4)
    for (uint i = 0; i < count; i++) window[((uint)start + (uint)where[i]) % WINDOW] = from[i];
    return moved;
  }
  for (uint i = 0; i < count; i++) {
    if (where[i] < 0) continue;
    const ulong cell = start + (ulong)where[i];
    if (cell < moved) lines[cell] = from[i];
    else window[cell % WINDOW] = from[i];
  }
  return moved;
}
#endif

// scratch: WINDOW cells for each work-item. Its planes are one sequence of cells, counted from the cache
// line in which it begins; the cells below `moved` are where they belong, the next WINDOW in the window.
__kernel void max_unpool_planes_forward(__global const T *restrict x,
                                        __global const int *restrict positions,
#if WINDOW
                                        __global T *restrict scratch,
#endif
                                        __global T *restrict y, const uint inputs, const uint outputs,
                                        const ulong planes, const uint planes_per_item,
#if STRIDE
                                        const uint in_d, const uint in_h, const uint in_w,
                                        const uint out_d, const uint out_h, const uint out_w,
                                        const uint stride_d, const uint stride_h,
#endif
                                        __global uint *restrict fault) {
  const ulong first = (ulong)get_global_id(0) * planes_per_item;
  if (first >= planes) return;  // the scratch has no room for more
  const ulong end = min(first + planes_per_item, planes);
  ulong plane = first;
#if STRIDE
  const BlockSizes size = {in_d, in_h, in_w, out_d, out_h, out_w, stride_d, stride_h};
  while (plane < end &&
         put_blocks(x + plane * inputs, positions + plane * inputs, y + plane * outputs, size))
    plane++;
#endif
#if WINDOW
  __global T *restrict window = scratch + (ulong)get_global_id(0) * WINDOW;
  for (uint i = 0; i < WINDOW; i++) window[i] = (T)0;
  const ulong lead = (ulong)(y + first * outputs) / sizeof(T) % LINE;
  __global T *restrict lines = y + first * outputs - lead;
  ulong start = lead + (plane - first) * outputs;
  ulong moved = start;
  for (; plane < end; plane++, start += outputs) {
    for (uint done = 0; done < inputs; done += CHUNK) {
      __global const T *restrict from = x + plane * inputs + done;
      __global const int *restrict where = positions + plane * inputs + done;
      const uint count = min(inputs - done, (uint)CHUNK);
      moved = put_chunk(from, where, count, window, lines, start, moved, outputs, plane, fault);
    }
  }
  move_on(window, lines, moved, start);
#else
  for (; plane < end; plane++) {
    __global const T *restrict from = x + plane * inputs;
    __global const int *restrict where = positions + plane * inputs;
    __global T *restrict to = y + plane * outputs;
    if (!all_good(where, inputs, outputs, plane, fault)) continue;
    for (uint i = 0; i < outputs; i++) to[i] = (T)0;
#pragma clang loop vectorize(disable)
    for (uint i = 0; i < inputs; i++)
      if (where[i] >= 0) to[where[i]] = from[i];
  }
#endif
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
