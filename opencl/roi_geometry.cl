// What the bins of regions of interest are made of: tables that other kernels read (lib/rois.clh), made of
// boxes in device memory, and rounded as docs/semantics.md, section 6, says. A box that it refuses lowers the
// fault number to its region.
//
// Macros (defaults): TYPE (FLOAT32), DIVISION (NATIVE_DIVISION), LONG_SUMS (1),
//   BINS (OF_CELLS): what bins are made of: OF_CELLS, the whole cells of RoiPool; in RoiAlign OF_WEIGHTS, cells
//     with what samples weigh them together, or OF_SAMPLES, the first of the two cells that each sample lies
//     between, -1 outside, with the weight of the second,
//   SPREADS (0): OF_WEIGHTS: whether all cells between the first and the last are listed, so that a gradient
//     finds the weight of a cell in a bin,
//   CENTRED (0): whether whole coordinates are the corners of cells, RoiAlign's aligned,
//   BATCH_APART (0): whether batch indices are a tensor of their own.
#include "lib/rois.clh"
#include "lib/division.clh"

#define OF_CELLS 0
#define OF_WEIGHTS 1
#define OF_SAMPLES 2

#ifndef BINS
#define BINS OF_CELLS
#endif
#ifndef SPREADS
#define SPREADS 0
#endif
#ifndef CENTRED
#define CENTRED 0
#endif
#ifndef BATCH_APART
#define BATCH_APART 0
#endif

// Scaled coordinates must not lie farther.
#define FARTHEST ((C)16777216)

// Entries of a bin stand where its cells would, behind those of the bins before it. Since coordinates are
// rounded, a bin begins up to 9 cells before the end of the one before it, where coordinates are large.
#define MARGIN 16

// A region along one axis. Its samples ascend, or descend in a reversed region.
typedef struct {
  C start, bin;
  int samples, bins, size;
} RoiAxis;

#if BINS == OF_CELLS
// Half away from zero.
static inline int rounded(C coordinate) {
  const int whole = (int)coordinate;
  if (fabs(coordinate - TO_C(whole)) < (C)0.5f) return whole;
  return coordinate < (C)0 ? whole - 1 : whole + 1;
}

static inline RoiAxis axis_of(C first, C last, int bins, int size, int ratio) {
  const int start = rounded(first);
  const C length = TO_C(max(rounded(last) - start + 1, 1));
  return (RoiAxis){TO_C(start), divide(length, TO_C(bins)), 0, bins, size};
}

// The cells of a bin.
static inline Range cells_of(RoiAxis axis, int bin) {
  const int start = (int)axis.start;
  return (Range){clamp((int)floor(TO_C(bin) * axis.bin) + start, 0, axis.size),
                 clamp((int)ceil(TO_C(bin + 1) * axis.bin) + start, 0, axis.size)};
}
#else
static inline RoiAxis axis_of(C first, C last, int bins, int size, int ratio) {
  const C offset = CENTRED ? (C)0.5f : (C)0;
  const C start = first - offset;
  C length = (last - offset) - start;
  if (!CENTRED && length < (C)1) length = (C)1;
  const C bin = divide(length, TO_C(bins));
  return (RoiAxis){start, bin, ratio > 0 ? ratio : max((int)ceil(bin), 0), bins, size};
}

static inline C coordinate(RoiAxis axis, int bin, int sample) {
  return (axis.start + TO_C(bin) * axis.bin) +
         divide((TO_C(sample) + (C)0.5f) * axis.bin, TO_C(axis.samples));
}

static inline bool is_outside(RoiAxis axis, C x) { return x < (C)-1 || x > TO_C(axis.size); }

// The first of the two cells that a coordinate lies between, and the weight of the second.
static inline int low_of(RoiAxis axis, C x) { return min((int)max(x, (C)0), axis.size - 1); }

static inline C weight_of(RoiAxis axis, C x) {
  const int low = low_of(axis, x);
  return low == axis.size - 1 ? (C)0 : max(x, (C)0) - TO_C(low);
}

// The last sample of a bin before those that are not before the input, or the first of all. Where boxes
// choose the number of samples, they ascend, and loops that begin here and end behind the input are short.
static inline int first_sample(RoiAxis axis, int bin) {
  int first = 0;
  for (int end = axis.samples; first < end;) {
    const int middle = first + (end - first) / 2;
    if (coordinate(axis, bin, middle) < (C)-1)
      first = middle + 1;
    else
      end = middle;
  }
  return max(first - 1, 0);
}
#endif

#if BINS == OF_WEIGHTS
// The weights of a bin while they are written, one cell after the other: where the one of cell 0 would stand,
// which way, the first that is not 0 and the next.
typedef struct {
  int origin, step, first, next;
  bool any;
} Written;

static inline void write_weight(__global int *tables, Rois rois, Written *written, int cell, C weight) {
  __global C *weights = (__global C *)(tables + rois.numbers);
  if (weight == (C)0) return;
  if (!written->any) written->first = written->next = written->origin + cell;
  written->any = true;
#if SPREADS
  for (; written->next != written->origin + cell; written->next += written->step)
    weights[written->next] = (C)0;
#else
  tables[rois.positions + written->next] = cell;
#endif
  weights[written->next] = weight;
  written->next += written->step;
}

// Samples go on from cell to cell, so the sums of two neighbouring cells are made at a time.
static inline Range write_weights(__global int *tables, Rois rois, RoiAxis axis, int bin, int origin,
                                  int ratio) {
  Written written = {origin, axis.bin < (C)0 ? -1 : 1, 0, 0, false};
  Sum here = sum_after(0), behind = sum_after(0);
  int low = -2;
  for (int i = ratio > 0 ? 0 : first_sample(axis, bin); i < axis.samples; i++) {
    const C x = coordinate(axis, bin, i);
    if (is_outside(axis, x)) {
      if (ratio == 0 && x > (C)0) break;
      continue;
    }
    const int cell = low_of(axis, x);
    if (cell != low) {
      const int moved = cell - low;
      if (low >= 0) { // whatever no later sample weighs
        const int first = moved < 0;
        write_weight(tables, rois, &written, low + first, sum_end(first ? &behind : &here));
        if (moved != 1 && moved != -1)
          write_weight(tables, rois, &written, low + 1 - first, sum_end(first ? &here : &behind));
      }
      const Sum old = here;
      here = moved == 1 ? behind : sum_after(0);
      behind = moved == -1 ? old : sum_after(0);
      low = cell;
    }
    const C second = weight_of(axis, x);
    sum_at(&here, i, (C)1 - second);
    sum_at(&behind, i, second);
  }
  if (low >= 0) {
    const int first = written.step < 0;
    write_weight(tables, rois, &written, low + first, sum_end(first ? &behind : &here));
    write_weight(tables, rois, &written, low + 1 - first, sum_end(first ? &here : &behind));
  }
  return written.step > 0 ? (Range){written.first, written.next}
                          : (Range){written.next + 1, written.first + 1};
}
#elif BINS == OF_SAMPLES
// Samples outside the input that follow each other are one: which of them wins makes no difference.
static inline Range write_samples(__global int *tables, Rois rois, RoiAxis axis, int bin, int base,
                                  int ratio, Range *cells) {
  __global C *weights = (__global C *)(tables + rois.numbers);
  const int from = ratio > 0 ? 0 : first_sample(axis, bin);
  const int before = (int)clamp(floor(coordinate(axis, bin, from)) + (C)1, (C)0, TO_C(axis.size + 1));
  Range written;
  written.first = written.end = base + (ratio > 0 ? ratio * bin : 2 * (before + MARGIN * bin));
  *cells = (Range){axis.size, 0};
  bool was_outside = false;
  for (int i = from; i < axis.samples; i++) {
    const C x = coordinate(axis, bin, i);
    const bool outside = is_outside(axis, x);
    if (!outside) {
      const int low = low_of(axis, x);
      cells->first = min(cells->first, low);
      cells->end = max(cells->end, min(low + 2, axis.size));
    }
    if (!outside || !was_outside) {
      tables[rois.positions + written.end] = outside ? -1 : low_of(axis, x);
      weights[written.end++] = outside ? (C)0 : weight_of(axis, x);
    }
    if (ratio == 0 && outside && x > (C)0) break;
    was_outside = outside;
  }
  return written;
}
#endif

// One work-item per bin of a row or column of bins; ratio is the samplingRatio.
__kernel void roi_geometry_bins(__global const C *restrict boxes,
#if BATCH_APART
                                __global const int *restrict batch_indices,
#endif
                                __global int *restrict tables, __global uint *restrict fault,
                                const Rois rois, const C scale, const int ratio,
                                const int most_samples) {
  const int bins = rois.rows + rois.columns;
  if (get_global_id(0) >= (ulong)rois.count * bins) return;
  const int list = (int)get_global_id(0), roi = list / bins;
#if BATCH_APART
  __global const C *corners = boxes + 4ul * roi;
  const int image = batch_indices[roi];
  bool good = image >= 0 && image < rois.batch;
#else
  __global const C *corners = boxes + 5ul * roi + 1;
  const C number = boxes[5ul * roi];
  const bool whole = number >= (C)0 && number < (C)0x1p31f && number == floor(number);
  const int image = whole ? (int)number : -1;
  bool good = whole && image < rois.batch;
#endif
  const C x1 = corners[0] * scale, y1 = corners[1] * scale;
  const C x2 = corners[2] * scale, y2 = corners[3] * scale;
  good = good && fabs(x1) <= FARTHEST && fabs(y1) <= FARTHEST && fabs(x2) <= FARTHEST &&
         fabs(y2) <= FARTHEST;
  if (!good) {
    atomic_min(fault, (uint)roi);
    return;
  }
  const RoiAxis rows = axis_of(y1, y2, rois.rows, rois.height, ratio);
  const RoiAxis columns = axis_of(x1, x2, rois.columns, rois.width, ratio);
  const long samples = (long)rows.samples * columns.samples;
  if (samples > most_samples) {
    atomic_min(fault, (uint)roi);
    return;
  }
  const int index = list - roi * bins;
  if (index == 0) {
    tables[rois.images + roi] = image;
#if BINS == OF_WEIGHTS
    ((__global C *)(tables + rois.divisors))[roi] = TO_C(max((int)samples, 1));
#endif
  }
  RoiAxis axis = index < rois.rows ? rows : columns;
  const int bin = index < rois.rows ? index : index - rois.rows;
#if BINS == OF_CELLS
  const Range cells = cells_of(axis, bin);
#else
  if (samples == 0) axis.samples = 0;
  const int base = roi * (rois.room_rows + rois.room_columns) + (index < rois.rows ? 0 : rois.room_rows);
#if BINS == OF_WEIGHTS
  const int origin = base + MARGIN * (axis.bin < (C)0 ? axis.bins - 1 - bin : bin);
  const Range entries = write_weights(tables, rois, axis, bin, origin, ratio);
  const Range cells = {entries.first - origin, entries.end - origin};
  tables[rois.origins + list] = origin;
#else
  Range cells;
  const Range entries = write_samples(tables, rois, axis, bin, base, ratio, &cells);
#endif
  tables[rois.bins + 2 * list] = entries.first;
  tables[rois.bins + 2 * list + 1] = entries.end;
#endif
  tables[rois.cells + 2 * list] = cells.first;
  tables[rois.cells + 2 * list + 1] = cells.end;
}

// One work-item per row and column of the input and region.
__kernel void roi_geometry_covers(__global int *restrict tables, __global const uint *restrict fault,
                                  const Rois rois) {
  const int positions = rois.height + rois.width;
  if (get_global_id(0) >= (ulong)rois.count * positions || *fault != NO_FAULT) return;
  const int list = (int)get_global_id(0), roi = list / positions;
  const bool is_row = list - roi * positions < rois.height;
  const int cell = list - roi * positions - (is_row ? 0 : rois.height);
  const int first_bin = roi * (rois.rows + rois.columns) + (is_row ? 0 : rois.rows);
  const int bins = is_row ? rois.rows : rois.columns;
  Range covers = {bins, 0}, box = {is_row ? rois.height : rois.width, 0};
  for (int i = 0; i < bins; i++) {
    const Range cells = range_at(ROI_INTS(tables, cells), first_bin + i);
    if (is_none(cells)) continue;
    box = (Range){min(box.first, cells.first), max(box.end, cells.end)};
    bool feeds = cell >= cells.first && cell < cells.end;
#if SPREADS
    feeds = feeds && ROI_CS(tables, numbers)[tables[rois.origins + first_bin + i] + cell] != (C)0;
#endif
    if (feeds) covers = (Range){min(covers.first, i), i + 1};
  }
  tables[rois.covers + 2 * list] = covers.first;
  tables[rois.covers + 2 * list + 1] = covers.end;
  if (cell == 0) {
    tables[rois.boxes + 4 * roi + (is_row ? 0 : 2)] = box.first;
    tables[rois.boxes + 4 * roi + (is_row ? 1 : 3)] = box.end;
  }
}

// One work-item per 32 regions and tile of each image.
__kernel void roi_geometry_tiles(__global int *restrict tables, __global const uint *restrict fault,
                                 const Rois rois) {
  const int words = (rois.count + 31) / 32, tiles = rois.tiles_down * rois.tiles_across;
  if (get_global_id(0) >= (ulong)rois.batch * tiles * words || *fault != NO_FAULT) return;
  const int item = (int)get_global_id(0), tile = item / words, word = item - tile * words;
  const int image = tile / tiles, down = (tile - image * tiles) / rois.tiles_across;
  const int top = down * rois.tile_height;
  const int left = (tile - image * tiles - down * rois.tiles_across) * rois.tile_width;
  const int end = min(32 * word + 32, rois.count);
  uint touching = 0;
  for (int roi = 32 * word; roi < end; roi++) {
    const Range h = range_at(ROI_INTS(tables, boxes), 2 * roi);
    const Range w = range_at(ROI_INTS(tables, boxes), 2 * roi + 1);
    const bool touches = ROI_INTS(tables, images)[roi] == image && h.first < top + rois.tile_height &&
                         h.end > top && w.first < left + rois.tile_width && w.end > left;
    touching |= (uint)touches << (roi & 31);
  }
  ((__global uint *)(tables + rois.tiles))[item] = touching;
}
