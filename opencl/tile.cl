// Any reduction over small windows: a work-item makes a tile of ROWS x COLUMNS neighbouring outputs, whose
// cells it loads once, into registers. Columns that neighbouring outputs share are the same expressions, so
// that compilers compute them once. docs/semantics.md, 4 and 5.
//
// Macros (defaults): REDUCTION ("reductions/max.clh") and its own, TYPE (FLOAT32), DIVISION (NATIVE_DIVISION),
//   CHANNELS_LAST (0), CHANNELS (1), LARGE (0), those of lib/outputs.clh and lib/unrolled.clh,
//   UNCUT (0): 1: no tile is cut off.
//   VECTOR of lib/unrolled.clh: cells are loaded so; the strides of all tiles lie in the plane.
//   ROW_STORES (0): 1: a row of a tile is never cut off, and stored at once.
// Arguments: BUFFERS and GEOMETRY of lib/outputs.clh, whose grid counts tiles; how planes are cut into them.
#ifndef REDUCTION
#define REDUCTION "reductions/max.clh"
#endif
#define LONG_SUMS 0
#include "lib/outputs.clh"
#include "lib/unrolled.clh"
#include "lib/sums.clh"

#ifndef ROW_STORES
#define ROW_STORES 0
#endif

#define TILE_H ((ROWS - 1) * STRIDE_H + (KERNEL_H - 1) * DILATION_H + 1)
#define TILE_W ((COLUMNS - 1) * STRIDE_W + (KERNEL_W - 1) * DILATION_W + 1)
// Whether no window leaves its plane along the depth: a single tap never does.
#define SURE_D (INSIDE || KERNEL_D == 1)
// Whether the cells of a row or a column of the tile are there: those of its first output are then.
#define SURE(position, NAME) (INSIDE && (UNCUT || (position) <= (KERNEL_##NAME - 1) * DILATION_##NAME))
#define TAPS ALL_TAPS
// The columns of a tile that are loaded by vectors.
#define END_OF_VECTORS (VECTOR > 1 ? BEFORE_W + COLUMNS * STRIDE_W : BEFORE_W)
#define BY_VECTORS(column) ((column) >= BEFORE_W && (column) < END_OF_VECTORS)

// The cells of a tile, and whether they are in the plane, along each axis.
typedef struct {
  Kept x[KERNEL_D][TILE_H][TILE_W][CHANNELS];
#if LOGITS
  Kept logits[KERNEL_D][TILE_H][TILE_W][CHANNELS];
#endif
  bool slices[KERNEL_D], rows[TILE_H], columns[TILE_W];
} Window;

// The cells of an output: those of a window that begin at a row and a column of the tile. A cell is a tap.
typedef struct {
  const Window *window;
  int row, column, channel;
  int front, top, left;      // where the first tap is along each axis,
  int first, height, width;  // and its flat index in the plane of such sizes
  int count;
  C divisor;
  __global const C *weights;
  C u;
  int choice;
} Region;

#define SLICE_OF(cell) ((cell) / (KERNEL_H * KERNEL_W))
#define ROW_OF(region, cell) ((region).row + (cell) / KERNEL_W % KERNEL_H * DILATION_H)
#define COLUMN_OF(region, cell) ((region).column + (cell) % KERNEL_W * DILATION_W)
#define AT(array, region, cell) \
  (region).window->array[SLICE_OF(cell)][ROW_OF(region, cell)][COLUMN_OF(region, cell)][(region).channel]
#define HERE(region, cell)                                                               \
  (INSIDE || PADS || ((region).window->slices[SLICE_OF(cell)] &&                         \
                      (region).window->rows[ROW_OF(region, cell)] &&                     \
                      (region).window->columns[COLUMN_OF(region, cell)]))
#define CELL(region, cell) AT(x, region, cell)
#define LOGIT(region, cell) WIDEN(AT(logits, region, cell))
#define INDEX(region, cell)                                                              \
  ((region).first +                                                                      \
   (SLICE_OF(cell) * DILATION_D * (region).height + (cell) / KERNEL_W % KERNEL_H * DILATION_H) * \
       (region).width +                                                                  \
   (cell) % KERNEL_W * DILATION_W)
#define TAP_WEIGHT(region, cell) (region).weights[cell]
#define FOR_EACH_CELL(cell, region) UNROLL for (int cell = 0; cell < TAPS; cell++) if (HERE(region, cell))

// Folds the cells of each column, then the columns.
#define FOLD_CELLS(total, type, empty, merge, region, cell, term)                        \
  {                                                                                      \
    type over_w_ = empty;                                                                \
    UNROLL for (int k_ = 0; k_ < KERNEL_W; k_++) {                                       \
      type over_d_ = empty;                                                              \
      UNROLL for (int i_ = 0; i_ < KERNEL_D; i_++) {                                     \
        type over_h_ = empty;                                                            \
        UNROLL for (int j_ = 0; j_ < KERNEL_H; j_++) {                                   \
          const int cell = (i_ * KERNEL_H + j_) * KERNEL_W + k_;                         \
          const type term_ = term;                                                       \
          const type one_ = HERE(region, cell) ? term_ : empty;                          \
          over_h_ = j_ == 0 ? one_ : merge(over_h_, one_);                               \
        }                                                                                \
        over_d_ = i_ == 0 ? over_h_ : merge(over_d_, over_h_);                           \
      }                                                                                  \
      over_w_ = k_ == 0 ? over_d_ : merge(over_w_, over_d_);                             \
    }                                                                                    \
    total = over_w_;                                                                     \
  }
#define PLUS(a, b) ((a) + (b))
#define SUM_BOTH SUM_BOTH_IN_TURN
#define SUM_CELLS(total, region, cell, term) FOLD_CELLS(total, C, SKIPPED, PLUS, region, cell, term)
#define COUNT_CELLS(total, region, cell, condition)                                      \
  {                                                                                      \
    total = 0;                                                                           \
    UNROLL for (int cell = 0; cell < TAPS; cell++)                                       \
      total += HERE(region, cell) && (condition) ? 1 : 0;                                \
  }
// In flat order, so that a cell need only be greater. Cells of -infinity are no greater than none.
#define GREATEST(best, region, cell, key_of_cell)                                        \
  {                                                                                      \
    best = NONE;                                                                         \
    UNROLL for (int cell = 0; cell < TAPS; cell++) {                                     \
      const BITS key_ = HERE(region, cell) ? (key_of_cell) : LEAST_KEY;                  \
      const bool replaces_ = key_ > best.key || is_nan_key(key_);                        \
      best.cell = replaces_ ? INDEX(region, cell) : best.cell;                           \
      best.key = max(best.key, key_);                                                    \
    }                                                                                    \
    best.cell = best.cell < 0 && (region).count > 0 ? first_cell(region) : best.cell;    \
  }
#define GREATEST_KEY(best, region, cell, key) FOLD_CELLS(best, BITS, LEAST_KEY, max, region, cell, key)
// How many taps of dilation D lie before position 0, the first of them at first.
#define TAPS_BEFORE(first, D) ((first) < 0 ? ((D)-1 - (first)) / (D) : 0)

// The first cell of a region.
static inline int first_cell(Region region) {
  const int i = TAPS_BEFORE(region.front, DILATION_D), j = TAPS_BEFORE(region.top, DILATION_H);
  const int k = TAPS_BEFORE(region.left, DILATION_W);
  return region.first + (i * DILATION_D * region.height + j * DILATION_H) * region.width + k * DILATION_W;
}
#include REDUCTION
#include "lib/results.clh"

// Loads a row of a tile from one of a tensor; what is not there is padding.
#if HALF_WORDS
#define PAIRS_OF(count) PASTE(PAIRS_OF_, count)
#define PAIRS_OF_2 uint
#define PAIRS_OF_4 uint2
#define PAIRS_OF_8 uint4
// Of two neighbours the second is the high half already.
#define KEEP_2(pair, cells) (cells)[0] = rotate(pair, 16u), (cells)[1] = pair
#define KEEP_4(pairs, cells) KEEP_2((pairs).lo, cells), KEEP_2((pairs).hi, (cells) + 2)
#define KEEP_8(pairs, cells) KEEP_4((pairs).lo, cells), KEEP_4((pairs).hi, (cells) + 4)
#define LOAD_KEPT(count, from, here, padding, cells)                                      \
  {                                                                                       \
    const PAIRS_OF(count) pairs_ =                                                        \
        here ? PASTE(as_, PAIRS_OF(count))(LOAD_NEIGHBOURS(VECTOR_OF_T(count), count, from)) \
             : (PAIRS_OF(count))((padding) * 0x10001u);                                   \
    PASTE(KEEP_, count)(pairs_, cells);                                                   \
  }
#else
#define LOAD_KEPT(count, from, here, padding, cells) LOAD_AT_ONCE(count, from, here, VECTOR_OF_T, padding, cells)
#endif
#if VECTOR > 1
#define LOAD_VECTORS(row, from, row_here, padding)                                        \
  UNROLL for (int k_ = BEFORE_W; k_ < END_OF_VECTORS; k_ += VECTOR) {                     \
    Kept cells_[VECTOR];                                                                  \
    LOAD_KEPT(VECTOR, (from) + k_, row_here, padding, cells_);                            \
    UNROLL for (int n_ = 0; n_ < VECTOR; n_++)                                            \
      if (k_ + n_ < TILE_W) (row)[k_ + n_][0] = cells_[n_];                               \
  }
#else
#define LOAD_VECTORS(row, from, row_here, padding)
#endif
#if CHANNELS > 1
#define LOAD_CELLS_OF(cell, from, here, padding) LOAD_KEPT(CHANNELS, from, here, padding, cell)
#else
#define LOAD_CELLS_OF(cell, from, here, padding) (cell)[0] = AS_KEPT(here ? *(from) : (padding))
#endif
#define LOAD_ROW(row, name, from, row_here, columns_here, padding)                        \
  LOAD_VECTORS(row, from, row_here, padding)                                              \
  UNROLL for (int k_ = 0; k_ < TILE_W; k_++)                                              \
    if (!BY_VECTORS(k_))                                                                  \
      LOAD_CELLS_OF((row)[k_], (from) + OFFSET(name, k_), (row_here && columns_here[k_]), padding)

// An output of the tile, and whether there is one.
#define OUTPUT_OF(o, p) ((od * h.outputs + oh + (o)) * w.outputs + ow + (p))
#define STORES(o, p) (UNCUT || (oh + (o) < h.outputs && (ROW_STORES || ow + (p) < w.outputs)))

// Stores what was made of the channels of an output.
#if CHANNELS == 1 || GIVES || CHOICE
#define STORE_CHANNELS(results, output)                                                   \
  UNROLL for (int n_ = 0; n_ < CHANNELS; n_++) {                                          \
    PLACE_OF_CHANNEL(first_channel, n_);                                                  \
    STORE_RESULT((results)[n_], output);                                                  \
  }
#else
#define STORE_CHANNELS(results, output) STORE_RESULTS(CHANNELS, results, output)
#endif

__kernel void tile(BUFFERS GEOMETRY, const Tiles tiles) {
  BEGIN_PLACE;
  const uint tile_row_of_all = quotient(place.cell, tiles.columns);
  const int od = FLAT ? 0 : quotient(tile_row_of_all, tiles.rows);
  const int oh = (tile_row_of_all - od * tiles.rows.by) * ROWS;
  const int ow = (place.cell - tile_row_of_all * tiles.columns.by) * COLUMNS;
  const int front = FLAT ? 0 : od * STRIDE_D - d.before, top = oh * STRIDE_H - h.before;
  const int left = ow * STRIDE_W - w.before;
  __global const T *plane = X_OF_PLANE;
#if LOGITS
  __global const T *logit_plane = LOGITS_OF_PLANE;
#endif
  Window window;
  UNROLL for (int i = 0; i < KERNEL_D; i++)
    window.slices[i] = SURE_D ? true : (uint)(front + i * DILATION_D) < (uint)d.size;
  UNROLL for (int j = 0; j < TILE_H; j++) window.rows[j] = SURE(j, H) || (uint)(top + j) < (uint)h.size;
  UNROLL for (int k = 0; k < TILE_W; k++)
    window.columns[k] = SURE(k, W) || BY_VECTORS(k) || (uint)(left + k) < (uint)w.size;
  const int first = (front * h.size + top) * w.size + left;
  UNROLL for (int i = 0; i < KERNEL_D; i++)
    UNROLL for (int j = 0; j < TILE_H; j++) {
      const int row = first + (i * DILATION_D * h.size + j) * w.size;
      const bool row_here = window.slices[i] && window.rows[j];
#if HAS_X
      LOAD_ROW(window.x[i][j], x, plane + OFFSET_OF_ROW(x, row), row_here, window.columns, NARROW(PADDING));
#endif
#if LOGITS
      LOAD_ROW(window.logits[i][j], logits, logit_plane + OFFSET_OF_ROW(logits, row), row_here, window.columns, (T)0);
#endif
    }
  const Place first_channel = place;
  Result results[ROWS][COLUMNS * CHANNELS];
  UNROLL for (int o = 0; o < ROWS; o++) {
    const int row = top + o * STRIDE_H;
    C uniforms[CHANNELS][COLUMNS];
    UNROLL for (int n = 0; n < CHANNELS; n++) {
      PLACE_OF_CHANNEL(first_channel, n);
      UNIFORMS(OUTPUT_OF(o, 0), COLUMNS, uniforms[n]);
    }
    UNROLL for (int p = 0; p < COLUMNS; p++) {
      const int column = left + p * STRIDE_W;
      // One that is not there is computed as the first, which always is, and not stored.
      const int output = STORES(o, p) ? OUTPUT_OF(o, p) : OUTPUT_OF(0, 0);
      UNROLL for (int n = 0; n < CHANNELS; n++) {
        PLACE_OF_CHANNEL(first_channel, n);
        Region region;
        region.window = &window;
        region.row = o * STRIDE_H;
        region.column = p * STRIDE_W;
        region.channel = n;
        region.front = front;
        region.top = row;
        region.left = column;
        region.first = first + o * STRIDE_H * w.size + p * STRIDE_W;
        region.height = h.size;
        region.width = w.size;
        region.count = CELLS_OF_WINDOW(front, row, column);
        region.divisor = DIVISOR_OF_WINDOW(front, row, column);
        region.weights = WEIGHTS_OF_CHANNEL;
        region.u = uniforms[n][p];
        region.choice = CHOICE_OF_PLANE;
        COMPUTE(results[o][p * CHANNELS + n], region, output);
      }
    }
  }
#if ROW_STORES
  UNROLL for (int o = 0; o < ROWS; o++)
    if (STORES(o, 0)) {
      STORE_RESULTS(COLUMNS, results[o], OUTPUT_OF(o, 0));
    }
#else
  UNROLL for (int o = 0; o < ROWS; o++)
    UNROLL for (int p = 0; p < COLUMNS; p++)
      if (STORES(o, p)) {
        STORE_CHANNELS(results[o] + p * CHANNELS, OUTPUT_OF(o, p));
      }
#endif
}
