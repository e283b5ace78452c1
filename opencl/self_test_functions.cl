// What a device makes of the functions of lib/exact_math.clh, and of rounding to halves, for the host to compare
// with its own: docs/semantics.md, sections 2 and 3. Numbers travel as bits.
//
// Macros (defaults): TYPE (FLOAT32), those of lib/division.clh and lib/square_root.clh
// Arguments: the operands; results, a row of n for each operation; n, the number of operands.
#include "lib/types.clh"
#include "lib/exact_math.clh"

#if TYPE == FLOAT16
// Rounded twice each, where some compilers round once.
kernel void self_test_halves(global const T *restrict a, global T *restrict results, const int n) {
  const int i = (int)get_global_id(0);
  if (i >= n) return;
  const C x = LOAD(a, i), y = LOAD(a, n - 1 - i);
  const T product = narrow(x * 1.1f);
  STORE(results, i, widen(product) + 1000.0f);
  STORE(results, n + i, 0.3f * x + 0.7f * y);
}

// As the device widens them.
kernel void self_test_widening(global const T *restrict a, global T *restrict results, const int n) {
  const int i = (int)get_global_id(0);
  if (i < n) STORE(results, i, vload_half(i, (global const half *)a));
}
#else
kernel void self_test_functions(global const BITS *restrict a, global const BITS *restrict b,
                                global BITS *restrict results, const int n) {
  const int i = (int)get_global_id(0);
  if (i >= n) return;
  const C x = AS_C(a[i]), y = AS_C(b[i]);
  results[i] = AS_BITS(exact_exp(x));
  results[n + i] = AS_BITS(exact_log(x));
  results[2 * n + i] = AS_BITS(exact_pow(x, y));
}
#endif
