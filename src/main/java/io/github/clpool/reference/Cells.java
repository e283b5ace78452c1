package io.github.clpool.reference;

import io.github.clpool.backend.HeapStorage;
import io.github.clpool.exact.Precision;
import io.github.clpool.tensor.BFloat16;
import io.github.clpool.tensor.Bytes;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Half;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;

/** One plane of a tensor, its cells by flat index as doubles, whatever the type and layout. */
final class Cells {
  private final HeapStorage storage;
  private final DataType type;
  private final int offset;
  private final int stride;

  private Cells(Tensor tensor, long offset, long stride) {
    this.storage = HeapStorage.of(tensor);
    this.type = tensor.type();
    this.offset = (int) offset;
    this.stride = (int) stride;
  }

  static Cells plane(Tensor tensor, long n, long c) {
    return new Cells(
        tensor,
        tensor.layout().planeOffset(tensor.shape(), n, c),
        tensor.layout().cellStride(tensor.shape()));
  }

  /** All elements of a tensor without planes. */
  static Cells array(Tensor tensor) {
    return new Cells(tensor, 0, 1);
  }

  /** What a loop over the planes does with one of them. */
  @FunctionalInterface
  interface PlaneAction {
    void accept(long n, long c);
  }

  static void forEachPlane(Shape shape, PlaneAction action) {
    for (long n = 0; n < shape.n(); n++) {
      for (long c = 0; c < shape.c(); c++) {
        action.accept(n, c);
      }
    }
  }

  private static Precision precision(DataType type) {
    return type == DataType.FLOAT64 ? Precision.DOUBLE : Precision.FLOAT;
  }

  double get(int cell) {
    int i = offset + cell * stride;
    return switch (type) {
      case FLOAT32 -> storage.floats()[i];
      case FLOAT64 -> storage.doubles()[i];
      case FLOAT16 -> Half.toFloat(storage.bits()[i]);
      case BFLOAT16 -> BFloat16.toFloat(storage.bits()[i]);
      case UINT8, INT8 -> Bytes.toInt(storage.bytes()[i], type);
      case INT32 -> storage.ints()[i];
    };
  }

  /** An element of indices or positions. */
  int getInt(int cell) {
    return storage.ints()[offset + cell * stride];
  }

  /** Rounds a number of the computing type once, to the storage type. */
  void set(int cell, double value) {
    int i = offset + cell * stride;
    switch (type) {
      case FLOAT32 -> storage.floats()[i] = (float) value;
      case FLOAT64 -> storage.doubles()[i] = value;
      case FLOAT16 -> storage.bits()[i] = Half.fromFloat((float) value);
      case BFLOAT16 -> storage.bits()[i] = BFloat16.fromFloat((float) value);
      case UINT8, INT8 -> storage.bytes()[i] = Bytes.fromDouble(value, type);
      case INT32 -> storage.ints()[i] = (int) value;
    }
  }

  /** Stores a complete gradient, added to what is there if asked. */
  void setGradient(int cell, double sum, boolean accumulate) {
    Precision precision = precision(type);
    double gradient = precision.round(sum + 0.0);
    set(cell, accumulate ? precision.round(get(cell) + gradient) : gradient);
  }
}
