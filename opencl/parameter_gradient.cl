// The gradient of a parameter, of which there is one, or one for each channel: what each output gives to
// it, summed over each plane, then over the batch, then over the channels. docs/semantics.md, 2.2 and 5.
//
// Macros (defaults): TYPE (FLOAT32), CHANNELS_LAST (0), LARGE (0), LONG_SUMS (1), ACCUMULATE (0).
// Arguments: the buffers; the sizes. Terms lie as the output does; everything else by plane, channel and
//   parameter of a channel.
#include "lib/types.clh"
#include "lib/planes.clh"
#include "lib/row_starts.clh"
#include "lib/sums.clh"
#include "lib/gradients.clh"

static inline void store_parameter(__global C *gradient, uint i, C sum) {
#if ACCUMULATE
  gradient[i] = gradient[i] + without_negative_zero(sum);
#else
  gradient[i] = without_negative_zero(sum);
#endif
}

// The sum of each column of each plane. The grid's cells are columns.
__kernel void parameter_gradient_columns(__global const C *restrict terms, __global C *restrict columns,
                                         const int depth, const int height, const int width,
                                         const Grid grid) {
  BEGIN_PLACE;
  const int column = place.cell;
  __global const C *plane = DENSE_PLANE(terms, (uint)depth * height * width);
  Sum over_d = sum_after(0);
  for (int i = 0; i < depth; i++) {
    Sum over_h = sum_after(0);
    for (int j = 0; j < height; j++)
      sum_add(&over_h, plane[DENSE_OFFSET((i * height + j) * width + column)]);
    sum_add(&over_d, sum_end(&over_h));
  }
  columns[(ulong)place.plane * width + column] = sum_end(&over_d);
}

// The sum of each channel: over the columns of each plane, then over the batch. Columns lie by plane,
// parameter of a channel and column. Work-items: one for each parameter of each channel, of which an image has all.
__kernel void parameter_gradient_channels(__global const C *restrict columns, __global C *restrict sums,
                                          const int batch, const int all, const int width) {
  const int parameter = (int)get_global_id(0);
  if (parameter >= all) return;
  Sum over_n = sum_after(0);
  for (int n = 0; n < batch; n++) {
    __global const C *row = columns + ROW_START(n, all, parameter, width);
    Sum over_w = sum_after(0);
    for (int k = 0; k < width; k++) sum_add(&over_w, row[k]);
    sum_add(&over_n, sum_end(&over_w));
  }
  sums[parameter] = sum_end(&over_n);
}

// The gradient: of each channel its sum, or of all channels the sum of theirs. Work-items: one per element.
__kernel void parameter_gradient_store(__global const C *restrict sums, __global C *restrict gradient,
                                       const int elements, const int channels, const int parameters) {
  const int element = (int)get_global_id(0);
  if (element >= elements) return;
  if (elements == channels * parameters) {
    store_parameter(gradient, element, sums[element]);
    return;
  }
  Sum over_c = sum_after(0);
  for (int c = 0; c < channels; c++) sum_add(&over_c, sums[c * parameters + element]);
  store_parameter(gradient, element, sum_end(&over_c));
}
