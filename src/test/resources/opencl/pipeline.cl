// Kernels of another program, for PipelineTest: a result per work-item, no contraction.
#pragma OPENCL FP_CONTRACT OFF

#define ARGUMENTS __global const float *a, __global const float *b, __global float *y, int from, int to, int height, int width

// One element of a convolution of 3x3 taps, padded, or of the gradient of its input.
static float convolve(__global const float *x, __global const float *weights, int from, int to, int height, int width,
                      int gradient) {
  const int at = get_global_id(0);
  const int column = at % width;
  const int row = at / width % height;
  const int c = at / width / height % to;
  const int n = at / width / height / to;
  float sum = 0;
  for (int k = 0; k < from; k++)
    for (int tap = 0; tap < 9; tap++) {
      const int h = row + (gradient ? 1 - tap / 3 : tap / 3 - 1);
      const int w = column + (gradient ? 1 - tap % 3 : tap % 3 - 1);
      if (h >= 0 && h < height && w >= 0 && w < width) {
        const int weight = (gradient ? k * to + c : c * from + k) * 9 + tap;
        const float product = weights[weight] * x[((n * from + k) * height + h) * width + w];
        sum = sum + product;
      }
    }
  return sum;
}

__kernel void convolution(ARGUMENTS) { y[get_global_id(0)] = convolve(a, b, from, to, height, width, 0); }

__kernel void convolution_gradient(ARGUMENTS) { y[get_global_id(0)] = convolve(a, b, from, to, height, width, 1); }

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
