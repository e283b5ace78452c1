// Average and sum of whole planes on a CPU: a work-item takes some planes, a few at a time.
// docs/semantics.md, 2.2 and 5.
//
// A kernel of its own, since direct.cl takes twice as long: it reads planes side by side, cell by cell.
//
// Macros (defaults): TYPE (FLOAT32), DIVISION (NATIVE_DIVISION), DIVISOR (CELLS); DEPTH, HEIGHT,
//   WIDTH (0: the arguments count): the size of a plane, so that what takes a plane is unrolled.
// Arguments: the buffers; depth, height and width, at most 4096 each; the number of planes, of planes
//   per work-item, of those taken together, at most 8, and of elements of x; the divisor.
//   Work-items: one for some planes.
#include "lib/row_sums.clh"
#include "lib/whole_planes.clh"

#ifndef DEPTH
#define DEPTH 0
#endif
#ifndef HEIGHT
#define HEIGHT 0
#endif
#ifndef WIDTH
#define WIDTH 0
#endif
#define BLOCK 64

// Eight elements from an offset on; behind the buffer's end others, which are not used.
static inline ROW load_inside(__global const T *x, ulong offset, ulong elements) {
  if (offset + ROW_LANES <= elements) return LOAD_CELLS(x + offset);
  ELEMENT lanes[ROW_LANES];
  for (int i = 0; i < ROW_LANES; i++) lanes[i] = LOAD_CELL(x + min(offset + i, elements - 1));
  return LOAD_ROW(lanes);
}

// The sums of eight columns of a slice: in blocks of 64, and those summed.
static inline ROW over_h(__global const T *x, ulong offset, int height, int width, ulong elements) {
  ROW sum = NEUTRAL;
  for (int start = 0; start < height; start += BLOCK) {
    ROW block = NEUTRAL;
    const int end = min(start + BLOCK, height);
    if (offset + (ulong)(end - start - 1) * width + ROW_LANES <= elements) {
      for (int j = start; j < end; j++, offset += width) block += LOAD_CELLS(x + offset);
    } else {
      for (int j = start; j < end; j++, offset += width) block += load_inside(x, offset, elements);
    }
    sum += block;
  }
  return sum;
}

// The sums of eight columns of a plane.
static inline ROW over_d(__global const T *x, ulong offset, int depth, int height, int width,
                         ulong elements) {
  ROW sum = NEUTRAL, block = NEUTRAL;
  for (int i = 0; i < depth; i++, offset += (ulong)height * width) {
    block += over_h(x, offset, height, width, elements);
    if ((i + 1) % BLOCK == 0) {
      sum += block;
      block = NEUTRAL;
    }
  }
  return sum + block;
}

__kernel void avg_pool_global_forward(__global const T *restrict x, __global T *restrict y,
                                      const int given_depth, const int given_height,
                                      const int given_width,
                                      const long planes, const int planes_per_item,
                                      const int together, const long elements, const int divisor) {
  const int depth = DEPTH > 0 ? DEPTH : given_depth, height = HEIGHT > 0 ? HEIGHT : given_height;
  const int width = WIDTH > 0 ? WIDTH : given_width;
  const long first = (long)get_global_id(0) * planes_per_item;
  const long end = min(first + planes_per_item, planes);
  const ulong size = (ulong)depth * height * width;
  for (long plane = first; plane < end; plane += together) {
    const int count = (int)min((long)together, end - plane);
    ROW sum = NEUTRAL, block = NEUTRAL;
    for (int k = 0; k < width; k += ROW_LANES) {
      ROW columns[ROW_LANES] = {(ROW)0};
      for (int p = 0; p < count; p++)
        columns[p] = over_d(x, (plane + p) * size + k, depth, height, width, elements);
      transpose(columns);
      for (int i = 0; i < min(ROW_LANES, width - k); i++) block += columns[i];
      if ((k + ROW_LANES) % BLOCK == 0) {
        sum += block;
        block = NEUTRAL;
      }
    }
    ELEMENT results[ROW_LANES];
    STORE_ROW(results, sum + block);
    for (int p = 0; p < count; p++) STORE(y, plane + p, averaged(results[p], divisor));
  }
}
