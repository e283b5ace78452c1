// Any reduction over large regions: a team of TEAM work-items computes an output together, each taking every
// TEAM-th column of the region; a work-group of GROUP items is some teams. docs/semantics.md, 2.2, 4 and 5.
//
// Macros (defaults): REDUCTION ("reductions/max.clh") and its own, but none that needs the cells in order, TYPE
//   (FLOAT32), DIVISION (NATIVE_DIVISION), LARGE (0), LONG_SUMS (1), FRACTIONAL (0), those of lib/outputs.clh.
//   TEAM (8), GROUP of lib/planes.clh: powers of two. Layout NCHW.
// Arguments: BUFFERS and GEOMETRY of lib/outputs.clh, whose grid counts outputs; the most columns of a region.
//   Work-groups: GROUP items, their teams' outputs one after the other.
#ifndef REDUCTION
#define REDUCTION "reductions/max.clh"
#endif
#ifndef TEAM
#define TEAM 8
#endif
#include "lib/outputs.clh"
#include "lib/sums.clh"
#include "lib/cells_in_memory.clh"

// The cells of an output; what work-items tell each other lies in local memory.
typedef struct {
  REGION_MEMBERS
  __local C *numbers;
  __local BITS *keys;
  __local int *cells;
  int lane, columns;
} Region;

// The cells of a column k_.
#define FOR_EACH_CELL_OF_COLUMN(cell, region)                                                      \
  for (int i_ = (region).box.d.first; i_ < (region).box.d.end; i_++)                               \
    for (int j_ = (region).box.h.first, cell = flat((region).box, i_, j_, k_);                     \
         j_ < (region).box.h.end; j_++, cell += (region).box.h.step * (region).box.width)

// Each work-item sums columns; the first of the team adds their sums from left to right.
#define SUM_BOTH SUM_BOTH_IN_TURN
#define SUM_CELLS(total, region, cell, term)                                                       \
  {                                                                                                \
    Sum over_w_ = sum_after((region).box.w.first);                                                 \
    for (int first_ = 0; first_ < (region).columns; first_ += TEAM) {                              \
      const int k_ = (region).box.w.first + first_ + (region).lane;                                \
      const int end_ = k_ < (region).box.w.end ? (region).box.h.end : 0;                           \
      Sum over_d_ = sum_after((region).box.d.first);                                               \
      for (int i_ = (region).box.d.first; i_ < (region).box.d.end; i_++) {                         \
        Sum over_h_ = sum_after((region).box.h.first);                                             \
        for (int j_ = (region).box.h.first; j_ < end_; j_++) {                                     \
          const int cell = flat((region).box, i_, j_, k_);                                         \
          sum_add(&over_h_, term);                                                                 \
        }                                                                                          \
        sum_add(&over_d_, sum_end(&over_h_));                                                      \
      }                                                                                            \
      barrier(CLK_LOCAL_MEM_FENCE);                                                                \
      (region).numbers[(region).lane] = sum_end(&over_d_);                                         \
      barrier(CLK_LOCAL_MEM_FENCE);                                                                \
      const int behind_ = min(TEAM, (region).box.w.end - (region).box.w.first - first_);           \
      for (int i_ = 0; i_ < behind_; i_++) sum_add(&over_w_, (region).numbers[i_]);                \
    }                                                                                              \
    total = sum_end(&over_w_);                                                                     \
  }

#define FOR_EACH_CELL_OF_LANE(cell, region)                                                        \
  for (int k_ = (region).box.w.first + (region).lane; k_ < (region).box.w.end; k_ += TEAM)         \
    FOR_EACH_CELL_OF_COLUMN(cell, region)

// Halves of the team tell the other half what they have, and hear of the work-item other_ of that.
#define EXCHANGE(region, tell, hear)                                                               \
  for (int half_ = TEAM / 2; half_ > 0; half_ /= 2) {                                              \
    const int other_ = (region).lane ^ half_;                                                      \
    barrier(CLK_LOCAL_MEM_FENCE);                                                                  \
    tell;                                                                                          \
    barrier(CLK_LOCAL_MEM_FENCE);                                                                  \
    hear;                                                                                          \
  }

// Each work-item finds the best of its columns, or counts in them, and asks the others.
#define GREATEST(best, region, cell, key_of_cell)                                                  \
  {                                                                                                \
    best = NONE;                                                                                   \
    FOR_EACH_CELL_OF_LANE(cell, region) best = better(best, (Best){key_of_cell, cell});            \
    EXCHANGE(region,                                                                               \
             (region).keys[(region).lane] = best.key; (region).cells[(region).lane] = best.cell,   \
             best = better(best, ((Best){(region).keys[other_], (region).cells[other_]})))         \
  }
#define GREATEST_KEY(best, region, cell, key)                                                      \
  {                                                                                                \
    best = LEAST_KEY;                                                                              \
    FOR_EACH_CELL_OF_LANE(cell, region) best = max(best, key);                                     \
    EXCHANGE(region, (region).keys[(region).lane] = best,                                          \
             best = max(best, (region).keys[other_]))                                              \
  }
#define COUNT_CELLS(total, region, cell, condition)                                                \
  {                                                                                                \
    total = 0;                                                                                     \
    FOR_EACH_CELL_OF_LANE(cell, region) total += (condition) ? 1 : 0;                              \
    EXCHANGE(region, (region).cells[(region).lane] = total, total += (region).cells[other_])       \
  }
#include REDUCTION
#include "lib/results.clh"

__kernel __attribute__((reqd_work_group_size(GROUP, 1, 1)))
void group(BUFFERS GEOMETRY, const int columns) {
  __local C numbers[GROUP];
  __local BITS keys[GROUP];
  __local int cells_of_keys[GROUP];
  const int item = get_local_id(0), lane = item % TEAM, team = item - lane;
  // Every work-item comes to the barriers; those without an output repeat the first one.
  Place place = place_of_item((uint)get_group_id(0) * (GROUP / TEAM) + team / TEAM, grid);
  const bool exists = place.exists;
  if (!exists) place = place_of_item(0, grid);
  const int output = place.cell;
  Region region;
  FILL_REGION(region, output);
  region.numbers = numbers + team;
  region.keys = keys + team;
  region.cells = cells_of_keys + team;
  region.lane = lane;
  region.columns = columns;
  Result result;
  COMPUTE(result, region, output);
  if (exists && lane == 0) {
    STORE_RESULT(result, output);
  }
}
