// Reductions that go through the cells of several regions at once, over large windows: a work-item makes ROWS outputs
// one under the other. Its loops go through the cells that their windows span, column by column, and load each once
// for all windows that have it. Only rows that not all of them have are taken apart, so that code does not grow with
// the window. docs/semantics.md, 2.2, 4 and 5.
//
// Macros (defaults): REDUCTION ("reductions/variance.clh"), which has STATISTICS_AT_ONCE, and its own, TYPE (FLOAT32),
//   DIVISION (NATIVE_DIVISION), CHANNELS_LAST (0), LARGE (0), those of lib/outputs.clh and lib/unrolled.clh. Windows
//   have no dilation and at most 64 cells along an axis; the first one and the last one have a row in common.
// Arguments: BUFFERS and GEOMETRY of lib/outputs.clh, whose grid counts such columns; how planes are cut into them.
#ifndef REDUCTION
#define REDUCTION "reductions/variance.clh"
#endif
#define LONG_SUMS 0
#define AT_ONCE ROWS
#include "lib/outputs.clh"
#include "lib/unrolled.clh"
#include "lib/sums.clh"

// A window: where its first tap is, in a plane of such sizes; the flat index of that; which of its columns are there.
typedef struct {
  __global const T *x, *logits;
  Pitch pitch, logit_pitch;
  int front, top, depth, height, width;
  int first, begin, end;
  int count;
} Region;

#define CELL(region, cell) (region).x[CELL_OFFSET(cell, (region).pitch)]
#define LOGIT(region, cell) LOAD((region).logits, CELL_OFFSET(cell, (region).logit_pitch))

// How many rows a window begins below the first one, and the last one does.
#define BELOW_FIRST(e) ((e)*STRIDE_H)
#define LAST_BELOW BELOW_FIRST(ROWS - 1)
#define HAS_SLICE(region, i) (INSIDE || KERNEL_D == 1 || (uint)((region).front + (i)) < (uint)(region).depth)
#define HAS_ROW(region, j) ((INSIDE && (UNCUT || (j) < KERNEL_H)) || (uint)((region).top + (j)) < (uint)(region).height)

// Folds a row of the cells for those windows that have it.
#define FOLD_ROW(folded, merge, regions, e, j, column, cell, term)                                 \
  if (HAS_ROW((regions)[0], j)) {                                                                  \
    const int cell = (column) + (j) * (regions)[0].width;                                          \
    EACH(e)                                                                                        \
      if (BELOW_FIRST(e) <= (j) && (j) < BELOW_FIRST(e) + KERNEL_H)                                \
        (folded)[e] = merge((folded)[e], term);                                                    \
  }
// Folds the cells of the columns of each window, then the columns.
#define FOLD_EACH(totals, type, empty, merge, regions, e, cell, term)                              \
  {                                                                                                \
    EACH(e_) (totals)[e_] = empty;                                                                 \
    for (int k_ = (regions)[0].begin; k_ < (regions)[0].end; k_++) {                               \
      type over_d_[AT_ONCE];                                                                       \
      EACH(e_) over_d_[e_] = empty;                                                                \
      for (int i_ = 0; i_ < KERNEL_D; i_++) {                                                      \
        if (!HAS_SLICE((regions)[0], i_)) continue;                                                \
        const int column_ = (regions)[0].first + i_ * (regions)[0].height * (regions)[0].width + k_; \
        type over_h_[AT_ONCE];                                                                     \
        EACH(e_) over_h_[e_] = empty;                                                              \
        UNROLL for (int j_ = 0; j_ < LAST_BELOW; j_++)                                             \
          FOLD_ROW(over_h_, merge, regions, e, j_, column_, cell, term)                            \
        const int end_ = min(KERNEL_H, (regions)[0].height - (regions)[0].top);                    \
        for (int j_ = max(LAST_BELOW, -(regions)[0].top); j_ < end_; j_++) {                       \
          const int cell = column_ + j_ * (regions)[0].width;                                      \
          EACH(e) over_h_[e] = merge(over_h_[e], term);                                            \
        }                                                                                          \
        UNROLL for (int j_ = KERNEL_H; j_ < KERNEL_H + LAST_BELOW; j_++)                           \
          FOLD_ROW(over_h_, merge, regions, e, j_, column_, cell, term)                            \
        EACH(e_) over_d_[e_] = merge(over_d_[e_], over_h_[e_]);                                    \
      }                                                                                            \
      EACH(e_) (totals)[e_] = merge((totals)[e_], over_d_[e_]);                                    \
    }                                                                                              \
  }

// Two sums at once.
typedef struct {
  C first, second;
} Pair;
static inline Pair plus_both(Pair a, Pair b) { return (Pair){a.first + b.first, a.second + b.second}; }
#define PLUS(a, b) ((a) + (b))

#define SUM_EACH(totals, regions, e, cell, term) FOLD_EACH(totals, C, SKIPPED, PLUS, regions, e, cell, term)
#define SUM_BOTH_EACH(totals, others, regions, e, cell, term, other_term)                          \
  {                                                                                                \
    Pair pairs_[AT_ONCE];                                                                          \
    FOLD_EACH(pairs_, Pair, ((Pair){SKIPPED, SKIPPED}), plus_both, regions, e, cell, ((Pair){term, other_term})) \
    EACH(e_) (totals)[e_] = pairs_[e_].first, (others)[e_] = pairs_[e_].second;                    \
  }
#define COUNT_EACH(totals, regions, e, cell, condition) \
  FOLD_EACH(totals, int, 0, PLUS, regions, e, cell, ((condition) ? 1 : 0))
#define GREATEST_KEY_EACH(bests, regions, e, cell, key_of_cell) \
  FOLD_EACH(bests, BITS, LEAST_KEY, max, regions, e, cell, key_of_cell)
#define GREATEST_EACH(bests, regions, e, cell, key_of_cell)                                        \
  {                                                                                                \
    Ranked ranked_[AT_ONCE];                                                                       \
    FOLD_EACH(ranked_, Ranked, UNRANKED, higher, regions, e, cell, ranked(key_of_cell, cell))      \
    EACH(e_) (bests)[e_] = best_of(ranked_[e_]);                                                   \
  }
#include REDUCTION
#include "lib/results.clh"

#define HAS_OUTPUT(e) (UNCUT || oh + (e) < h.outputs)

__kernel void column(BUFFERS GEOMETRY, const Tiles tiles) {
  BEGIN_PLACE;
  const uint row_of_all = quotient(place.cell, tiles.columns);
  const int od = FLAT ? 0 : quotient(row_of_all, tiles.rows);
  const int oh = (row_of_all - od * tiles.rows.by) * ROWS, ow = place.cell - row_of_all * tiles.columns.by;
  const int front = FLAT ? 0 : od * STRIDE_D - d.before, left = ow * STRIDE_W - w.before;
  Region regions[AT_ONCE];
  EACH(e) {
    const int top = (oh + e) * STRIDE_H - h.before;
    regions[e].x = X_OF_PLANE;
    regions[e].logits = LOGITS_OF_PLANE;
    regions[e].pitch = PITCH_OF_X;
    regions[e].logit_pitch = PITCH_OF_LOGITS;
    regions[e].front = front;
    regions[e].top = top;
    regions[e].depth = d.size;
    regions[e].height = h.size;
    regions[e].width = w.size;
    regions[e].first = (front * h.size + top) * w.size + left;
    regions[e].begin = max(0, -left);
    regions[e].end = min(KERNEL_W, w.size - left);
    regions[e].count = CELLS_OF_WINDOW(front, top, left);
  }
  Statistics statistics[AT_ONCE];
  statistics_of_each(regions, statistics);
  const int first = (od * h.outputs + oh) * w.outputs + ow;
  Result results[AT_ONCE];
  // One that is not there is computed as the first, which always is, and not stored.
  EACH(e) {
    const int output = HAS_OUTPUT(e) ? first + e * w.outputs : first;
    MAKE_RESULT(results[e], regions[e], statistics[e], output)
  }
  EACH(e)
    if (HAS_OUTPUT(e)) {
      STORE_RESULT(results[e], first + e * w.outputs);
    }
}
