package io.github.clpool.cpu;

import io.github.clpool.backend.HeapStorage;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.WindowAxis;
import java.util.Arrays;

/**
 * The cells of the windows of some neighbouring rows of outputs, tap by tap: one array for each
 * tap, one number for each output. Memory of one thread.
 */
final class TapRows {
  private final FloatNumbers numbers;
  private final WindowAxis h;
  private final WindowAxis w;
  private final float padding;
  private final float[] row;
  private final float[][] taps;

  /**
   * Makes room.
   *
   * @param rows the most rows of outputs
   * @param padding what stands for cells in the padding
   */
  TapRows(FloatNumbers numbers, Geometry geometry, int rows, float padding) {
    this.numbers = numbers;
    this.h = (WindowAxis) geometry.h();
    this.w = (WindowAxis) geometry.w();
    this.padding = padding;
    this.row = new float[rowSize(w)];
    Arrays.fill(row, padding);
    this.taps = new float[h.kernel() * w.kernel()][rows * w.outputSize()];
  }

  /** A row of cells, as far as the last window reaches, in the padding too. */
  static int rowSize(WindowAxis w) {
    int reach = (w.outputSize() - 1) * w.stride() + (w.kernel() - 1) * w.dilation() + 1;
    return Math.max(reach, w.before() + w.inputSize());
  }

  int height() {
    return h.kernel();
  }

  int width() {
    return w.kernel();
  }

  /** What the outputs have at a tap. */
  float[] at(int i, int j) {
    return taps[i * w.kernel() + j];
  }

  /** Loads the windows of {@code rows} rows of outputs from {@code first} on. */
  void load(Planes x, int plane, int first, int rows) {
    HeapStorage storage = x.storage();
    int outputs = w.outputSize();
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < h.kernel(); i++) {
        int cellRow = h.origin(first + r) + i * h.dilation();
        boolean inside = cellRow >= 0 && cellRow < h.inputSize();
        if (inside) {
          int from = x.start(plane) + cellRow * w.inputSize() * x.step();
          numbers.load(storage, from, x.step(), row, w.before(), w.inputSize());
        }
        for (int j = 0; j < w.kernel(); j++) {
          if (inside) {
            numbers.gather(row, j * w.dilation(), w.stride(), at(i, j), r * outputs, outputs);
          } else {
            numbers.fill(at(i, j), r * outputs, outputs, padding);
          }
        }
      }
    }
  }
}
