// Where opencl/lib/planes.clh finds cells, and opencl/lib/row_starts.clh rows, compiled as C for the processor,
// without the memory: tensors of up to 2^34 elements, of as many planes and as large images as the Java record Grid
// lets through, against 64-bit arithmetic. Compiled for each layout, by CHANNELS_LAST, dense and as views, by VIEWS.
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef unsigned int uint;
typedef unsigned long ulong;
#define __global
static ulong ids[2];
#define get_global_id(dimension) ids[dimension]
static inline uint mul_hi(uint a, uint b) { return (uint)((ulong)a * b >> 32); }
#define LARGE 1
#include "lib/planes.clh"
#include "lib/row_starts.clh"

#define MOST_ITEMS (1ul << 30)
#define MOST ((1ul << 31) - 1)

static int failures;

static ulong state = 20261128;
static ulong random_below(ulong bound) { // splitmix64
  ulong z = state += 0x9e3779b97f4a7c15ul;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ul;
  z = (z ^ z >> 27) * 0x94d049bb133111ebul;
  return (z ^ z >> 31) % bound;
}

// As the Java record Grid has them, whose test divides by them.
static Magic magic_of(ulong by) {
  uint log = 0;
  while (1ul << log < by) log++;
  return (Magic){(uint)by, (uint)(((1ul << (31 + log)) + by - 1) / by), log};
}

static void expect(const char *what, ulong expected, ulong found, ulong n, ulong c, ulong cell, Grid grid) {
  if (expected == found) return;
  if (failures++ < 10)
    printf("%s of n=%lu c=%lu cell=%lu, of %u channels, %u cells, %u planes or images: %lu, expected %lu\n", what,
           n, c, cell, grid.channels.by, grid.cells.by, grid.planes, found, expected);
}

static ulong least(ulong a, ulong b) { return a < b ? a : b; }

// How the rows of a view lie apart.
typedef struct {
  ulong first, image, pitch;
} Spread;

static Spread spread_of(ulong length, ulong rows) {
  const ulong pitch = length + random_below(length + 2);
  return (Spread){random_below(1ul << 34), rows * pitch + random_below(1ul << 33), pitch};
}

static void check(Grid grid, ulong n, ulong c, ulong cell) {
  const ulong channels = grid.channels.by, cells = grid.cells.by;
  const ulong unit = CHANNELS_LAST ? n : n * channels + c;
  const ulong in_row = unit % grid.planes_of_row * cells + cell;
  ids[0] = CHANNELS_LAST ? in_row * channels + c : in_row;
  ids[1] = unit / grid.planes_of_row;
  const Place place = place_of(grid);
  expect("existence", 1, place.exists, n, c, cell, grid);
  expect("plane", n * channels + c, place.plane, n, c, cell, grid);
  expect("channel", c, place.channel, n, c, cell, grid);
  expect("image", n, place.image, n, c, cell, grid);
  expect("cell", cell, place.cell, n, c, cell, grid);
  const char *const start = (const char *)4096;
  for (ulong parts = 1; parts <= 2; parts++) // as of poolings that put two results side by side
    for (ulong part = 0; part < parts; part++) {
      const ulong all = channels * parts, channel = part * channels + c;
      const ulong length = CHANNELS_LAST ? all : cells, rows = CHANNELS_LAST ? cells : all;
      const ulong row = CHANNELS_LAST ? cell : channel, in_row = CHANNELS_LAST ? channel : cell;
      const ulong dense = (n * rows + row) * length + in_row;
      const Spread spread = VIEWS ? spread_of(length, rows) : (Spread){0, rows * length, length};
      const ulong expected = spread.first + n * spread.image + row * spread.pitch + in_row;
#if VIEWS
      const View view_of_start = {spread.first, spread.image, spread.pitch};
#endif
      expect("address", expected,
             (ulong)(PART_OF(start, (uint)cells, (int)part, (int)parts) +
                     CELL_OFFSET((int)cell, PITCH_OF(start, (uint)all)) - start), n, c, cell, grid);
      expect("dense address", dense,
             (ulong)(DENSE_PART(start, (uint)cells, (int)part, (int)parts) + CELL_OFFSET((int)cell, (uint)all) - start),
             n, c, cell, grid);
      expect("row", dense - in_row, ROW_START((uint)(CHANNELS_LAST ? n : n * all + channel),
                                              (int)(CHANNELS_LAST ? cells : 1), (int)(CHANNELS_LAST ? cell : 0),
                                              (int)length), n, c, cell, grid);
      if (parts > 1) continue;
      expect("address at a batch position", expected,
             (ulong)(PLANE_AT(start, (int)n, (uint)cells) + OFFSET(start, (int)cell) - start), n, c, cell, grid);
      expect("dense address at a batch position", dense,
             (ulong)(DENSE_PLANE_AT(start, (int)n, (uint)cells) + DENSE_OFFSET((int)cell) - start), n, c, cell, grid);
      const int before = -(int)least(cells, 70000); // of a row that begins before its plane
      expect("address of a row", expected - (CHANNELS_LAST ? cell * spread.pitch : cell) +
                                     (ulong)((long)before * (long)(CHANNELS_LAST ? spread.pitch : 1)),
             (ulong)(PLANE(start, (uint)cells) + OFFSET_OF_ROW(start, before) - start), n, c, cell, grid);
      expect("dense address of a row", dense - (CHANNELS_LAST ? cell * length : cell) +
                                           (ulong)((long)before * (long)(CHANNELS_LAST ? length : 1)),
             (ulong)(DENSE_PLANE(start, (uint)cells) + DENSE_ROW_OFFSET(before) - start), n, c, cell, grid);
    }
}

// Corners, and places in between.
static void check_shape(ulong batch, ulong channels, ulong cells) {
  const ulong unit = (CHANNELS_LAST ? channels : 1) * cells, units = CHANNELS_LAST ? batch : batch * channels;
  if (batch == 0 || batch * channels > MOST || unit > MOST) return; // refused
  const ulong row = MOST_ITEMS / unit;
  const Grid grid = {magic_of(cells), magic_of(channels), (uint)units, (uint)(row == 0 ? 1 : least(units, row))};
  for (int i = 0; i < 64; i++) {
    const ulong n = i & 1 ? batch - 1 : random_below(batch), c = i & 2 ? channels - 1 : random_below(channels);
    check(grid, n, c, i & 4 ? cells - 1 : random_below(cells));
  }
}

int main(void) {
  for (ulong elements = 1; elements <= 1ul << 34; elements *= 2)
    for (ulong channels = 1; channels <= least(elements, 1ul << 30); channels *= 2)
      for (ulong cells = 1; cells <= least(elements / channels, 1ul << 30); cells *= 2) {
        check_shape(elements / channels / cells, channels, cells);
        check_shape(elements / channels / cells, channels + random_below(channels), cells + random_below(cells));
      }
  printf("%d failures\n", failures);
  return failures > 0;
}
