// Powers of cells, and roots of sums of them, many at a time on a CPU: the first and the last step of p-norms and
// generalised means, whose sums are those of other kernels. See reductions/lp.clh and gem.clh; docs/semantics.md,
// section 5. Float quotients by the device's own division.
//
// Steps of their own, since tile.cl takes 30 times as long: its powers come one by one, not by vectors, and each
// window raises its cells anew.
//
// Macros (defaults): TYPE (FLOAT32), LANES (8), EXPONENT, RECIPROCAL and SIGNED as in lib/powers.clh;
//   MEANS        0 (default): a p-norm's powers; 1: a generalised mean's, of cells that are at least LEAST, where
//                exponents are weights
//   PER_ELEMENT  0 (default): a row has one exponent; 1: each of its elements has its own
// Arguments: the buffers; the numbers of elements of a row, of rows, of elements and of rows per work-item; the number
//   of channels, and own_weights as in lib/sources.clh. Work-items: (group of elements, group of rows).
#include "lib/powers.clh"
#include "lib/exact_vectors.clh"

#ifndef MEANS
#define MEANS 0
#endif
#ifndef PER_ELEMENT
#define PER_ELEMENT 0
#endif

// Twins of raised and base.
#if MEANS
static inline VC bases(VC x) { return x < LEAST ? (VC)LEAST : x; }
#else
static inline VC bases(VC x) { return SIGNED ? x : fabs(x); }
#endif

// The exponents of a vector from element k of a row on.
#if MEANS
#define EXPONENTS_PARAMETER __global const C *restrict weights,
#define RECIPROCALS(exponents) ((C)1 / (exponents))
#if PER_ELEMENT
#define EXPONENTS(row, k) load_some(weights + (k), here)
#else
#define EXPONENTS(row, k) ((VC)weights[(row) % channels * own_weights])
#endif
#else
#define EXPONENTS_PARAMETER
#define RECIPROCALS(exponents) ((VC)RECIPROCAL)
#define EXPONENTS(row, k) ((VC)EXPONENT)
#endif

// As many numbers of an array as there are, LANES at most; what is behind them repeats them.
#define DEFINE_SOME(NUMBER, LOAD_ALL, LOAD_ONE, STORE_ALL, STORE_ONE)    \
  OVERLOADED VC load_some(__global const NUMBER *p, int count) {         \
    if (count >= LANES) return LOAD_ALL(p);                              \
    C lanes[LANES];                                                      \
    for (int i = 0; i < LANES; i++) lanes[i] = LOAD_ONE(p, i % count);   \
    return LOAD_WHOLE(lanes);                                            \
  }                                                                      \
  OVERLOADED void store_some(__global NUMBER *p, int count, VC v) {      \
    if (count >= LANES) {                                                \
      STORE_ALL(p, v);                                                   \
      return;                                                            \
    }                                                                    \
    C lanes[LANES];                                                      \
    STORE_WHOLE(v, lanes);                                               \
    for (int i = 0; i < count; i++) STORE_ONE(p, i, lanes[i]);           \
  }
DEFINE_SOME(T, VLOAD, LOAD, VSTORE, STORE)
#if TYPE == FLOAT16 || TYPE == BFLOAT16
#define NUMBER_AT(p, i) ((p)[i])
#define PUT_NUMBER(p, i, number) ((p)[i] = (number))
#define STORE_NUMBERS(p, v) STORE_WHOLE(v, p)
DEFINE_SOME(C, LOAD_WHOLE, NUMBER_AT, STORE_NUMBERS, PUT_NUMBER)
#endif

// A kernel that stores RAISED(numbers, exponents) of each row. The last vector of a group of elements ends with it.
#define DEFINE_POWERS(name, FROM, TO, RAISED)                                                              \
  __kernel void name(__global const FROM *restrict from, EXPONENTS_PARAMETER __global TO *restrict to,     \
                     const ulong length, const uint rows, const uint elements_per_item,                    \
                     const uint rows_per_item, const uint channels, const uint own_weights) {              \
    const ulong first = get_global_id(0) * (ulong)elements_per_item;                                       \
    const uint first_row = (uint)get_global_id(1) * rows_per_item;                                         \
    if (first >= length || first_row >= rows) return;                                                      \
    const int count = (int)min((ulong)elements_per_item, length - first);                                  \
    const int here = min(count, LANES);                                                                    \
    for (uint row = first_row; row < first_row + min(rows_per_item, rows - first_row); row++) {            \
      for (int c = 0; c < count; c += LANES) {                                                             \
        const ulong k = first + min(c, count - here);                                                      \
        const ulong i = row * length + k;                                                                  \
        store_some(to + i, here, RAISED(load_some(from + i, here), EXPONENTS(row, k)));                    \
      }                                                                                                    \
    }                                                                                                      \
  }

#if SIGNED
#define POWERS(x, exponents) exact_pows(x, exponents)
#else
#define POWERS(x, exponents) pows_of_magnitudes(x, exponents)
#endif

#define POWERS_OF_CELLS(x, exponents) POWERS(bases(x), exponents)
DEFINE_POWERS(powers_of_cells, T, C, POWERS_OF_CELLS)

#define ROOTS_OF_SUMS(sums, exponents) POWERS(sums, RECIPROCALS(exponents))
DEFINE_POWERS(powers_of_sums, C, T, ROOTS_OF_SUMS)
