// What a device makes of float and double arithmetic, of the high half of products, of the functions of
// lib/exact_math.clh and of rounding to halves, for the host to compare with its own: docs/semantics.md, sections 2
// and 3. Operands and results travel as bits, so that only the operations themselves are tested. All in one file,
// since what a program costs is mostly the reading of OpenCL's own headers.
//
// Macros:
//   TYPE        FLOAT64: doubles are tested, too, and the functions are those of doubles; FLOAT16: the functions
//               are those of floats, and halves are tested; FLOAT32 (default): neither
//   LOOP_STEPS  100000 (default): how long self_test_loop loops
//   those of lib/division.clh and lib/square_root.clh
//
// Arguments: the operands (a, b and c, or a and b, or a; none of self_test_loop); results, a row of n for each
//   operation; n.
#include "lib/types.clh"
#include "lib/exact_math.clh"

#define HAS_DOUBLE (TYPE == FLOAT64)

#ifndef LOOP_STEPS
#define LOOP_STEPS 100000
#endif

kernel void self_test(global const uint *restrict a, global const uint *restrict b,
                      global const uint *restrict c, global uint *restrict results,
                      const int n) {
  const int i = (int)get_global_id(0);
  if (i >= n) return;
  const float x = as_float(a[i]);
  const float y = as_float(b[i]);
  const float z = as_float(c[i]);
  results[i] = as_uint(x / y);
  results[n + i] = as_uint(sqrt(x));
  results[2 * n + i] = as_uint(fma(x, y, z));
  results[3 * n + i] = as_uint(x + y);
  results[4 * n + i] = as_uint(x - y);
  results[5 * n + i] = as_uint(x * y);
  results[6 * n + i] = as_uint(x * y + z);
  const float2 pair = (float2)(x, x) * (float2)(y, y) + (float2)(z, -z);
  results[7 * n + i] = as_uint(pair.x);
  results[8 * n + i] = as_uint(pair.y);
  results[9 * n + i] = (x < y ? 1 : 0) + (x == y ? 2 : 0);
  results[10 * n + i] = mul_hi(a[i], b[i]);
  results[11 * n + i] = (uint)((ulong)a[i] * b[i] >> 32);
#if HAS_DOUBLE
  results[12 * n + i] = as_uint(convert_float_rte((double)x / (double)y));
  results[13 * n + i] = as_uint(convert_float_rte(sqrt((double)x)));
#endif
}

#if HAS_DOUBLE
kernel void self_test_double(global const ulong *restrict a, global const ulong *restrict b,
                             global const ulong *restrict c, global ulong *restrict results,
                             const int n) {
  const int i = (int)get_global_id(0);
  if (i >= n) return;
  const double x = as_double(a[i]);
  const double y = as_double(b[i]);
  const double z = as_double(c[i]);
  results[i] = as_ulong(x / y);
  results[n + i] = as_ulong(sqrt(x));
  results[2 * n + i] = as_ulong(fma(x, y, z));
  results[3 * n + i] = as_ulong(x + y);
  results[4 * n + i] = as_ulong(x - y);
  results[5 * n + i] = as_ulong(x * y);
  results[6 * n + i] = as_ulong(x * y + z);
  const double2 pair = (double2)(x, x) * (double2)(y, y) + (double2)(z, -z);
  results[7 * n + i] = as_ulong(pair.x);
  results[8 * n + i] = as_ulong(pair.y);
  results[9 * n + i] = (x < y ? 1 : 0) + (x == y ? 2 : 0);
}
#endif

// Steps of a full-period sequence, from whose end the host reads how many of them were done: some
// devices end a work-item's loops early.
kernel void self_test_loop(global uint *restrict result, const int n) {
  uint state = 0;
  for (int i = 0; i < LOOP_STEPS; i++) state = state * 1664525u + 1013904223u;
  if ((int)get_global_id(0) < n) *result = state;
}

kernel void self_test_functions(global const BITS *restrict a, global const BITS *restrict b,
                                global BITS *restrict results, const int n) {
  const int i = (int)get_global_id(0);
  if (i >= n) return;
  const C x = AS_C(a[i]), y = AS_C(b[i]);
  results[i] = AS_BITS(exact_exp(x));
  results[n + i] = AS_BITS(exact_log(x));
  results[2 * n + i] = AS_BITS(exact_pow(x, y));
}

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
#endif
