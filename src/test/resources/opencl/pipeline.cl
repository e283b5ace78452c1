// Kernels of another program, for PipelineTest: a result per work-item, no contraction.
#pragma OPENCL FP_CONTRACT OFF

#define ARGUMENTS __global const float *a, __global const float *b, __global float *y, int from, int to, int height, int width

// The cells that the 3x3 taps of a padded convolution find: nine planes for each of x.
__kernel void columns(ARGUMENTS) {
  const int at = get_global_id(0);
  const int plane = at / width / height;
  const int tap = plane % 9;
  const int w = at % width + tap % 3 - 1;
  const int h = at / width % height + tap / 3 - 1;
  y[at] = h >= 0 && h < height && w >= 0 && w < width ? a[(plane / 9 * height + h) * width + w] : 0;
}

// The gradient of what columns took: each cell sums those of its copies.
__kernel void cells(ARGUMENTS) {
  const int at = get_global_id(0);
  const int plane = at / width / height;
  float sum = 0;
  for (int tap = 0; tap < 9; tap++) {
    const int w = at % width - tap % 3 + 1;
    const int h = at / width % height - tap / 3 + 1;
    if (h >= 0 && h < height && w >= 0 && w < width)
      sum += a[((plane * 9 + tap) * height + h) * width + w];
  }
  y[at] = sum;
}

// For each batch position weights (to x from), or those transposed (from x to), times its planes, a row each: where
// JOCLBlast does not load.
static float product(__global const float *a, __global const float *weights, int from, int to, int cells, int flipped) {
  const int at = get_global_id(0);
  const int row = at / cells % to;
  const int n = at / cells / to;
  float sum = 0;
  for (int k = 0; k < from; k++)
    sum += weights[flipped ? k * to + row : row * from + k] * a[(n * from + k) * cells + at % cells];
  return sum;
}

__kernel void multiply(ARGUMENTS) { y[get_global_id(0)] = product(a, b, from, to, height * width, 0); }

__kernel void multiply_flipped(ARGUMENTS) { y[get_global_id(0)] = product(a, b, from, to, height * width, 1); }

// To multiples of 2^-12.
__kernel void round_gradient(ARGUMENTS) {
  const int i = get_global_id(0);
  y[i] = rint(a[i] * 4096) * 0x1p-12f;
}

__kernel void relu(ARGUMENTS) {
  const int i = get_global_id(0);
  y[i] = a[i] > 0 ? a[i] : 0;
}

__kernel void relu_gradient(ARGUMENTS) {
  const int i = get_global_id(0);
  y[i] = a[i] > 0 ? b[i] : 0;
}

__kernel void minus(ARGUMENTS) {
  const int i = get_global_id(0);
  y[i] = a[i] - b[i];
}

__kernel void copy(ARGUMENTS) {
  const int i = get_global_id(0);
  y[i] = a[i];
}

// Batch index, x1, y1, x2, y2.
__kernel void boxes(ARGUMENTS) {
  const int i = get_global_id(0);
  const int number = i % 5;
  y[i] = number == 0 ? i / 5 % 2 : a[i] + (number < 3 ? 0.75f : 2.75f);
}
