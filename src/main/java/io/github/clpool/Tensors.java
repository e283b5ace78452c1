package io.github.clpool;

import io.github.clpool.tensor.Buffers;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.ShortBuffer;
import java.util.Arrays;

/**
 * Makes tensors on a device: each is the caller's to close, those of a {@link Scope} the scope's.
 * Thread-safe.
 */
public abstract sealed class Tensors permits Pooling, Scope {
  private static final int PART = 1 << 16; // elements that are written at a time

  Tensors() {}

  /**
   * Makes a tensor whose elements are undefined, to be written or to take results.
   *
   * @param shape the shape
   * @param layout the order of the elements
   * @param type the element type
   * @return the tensor
   * @throws IllegalArgumentException if the device cannot compute the type or hold that many
   */
  public abstract Tensor empty(Shape shape, Layout layout, DataType type);

  /**
   * Makes a tensor of the shape, layout and type of another, whose elements are undefined.
   *
   * @param other the other tensor, of any device
   * @return the tensor
   * @throws IllegalArgumentException if the device cannot compute the type or hold that many
   */
  public Tensor like(Tensor other) {
    Require.present("other", other);
    return empty(other.shape(), other.layout(), other.type());
  }

  /**
   * Makes a tensor from a copy of a buffer; a direct one in native byte order is the fast way.
   *
   * @param shape the shape
   * @param layout the order of the elements
   * @param type the element type
   * @param values a buffer of that type (short for the half types, byte for 8-bit integers) with
   *     exactly as many elements remaining as the shape has; its position moves
   * @return the tensor
   * @throws IllegalArgumentException if buffer or device do not fit
   */
  public Tensor tensor(Shape shape, Layout layout, DataType type, Buffer values) {
    Require.present("values", values);
    Tensor tensor = empty(shape, layout, type);
    try {
      tensor.write(values);
      return tensor;
    } catch (Throwable failed) {
      tensor.close();
      throw failed;
    }
  }

  /**
   * Makes a FLOAT32 tensor in layout NCHW from a copy of an array.
   *
   * @param shape the shape
   * @param values the elements in memory order, exactly as many as the shape has
   * @return the tensor
   * @throws IllegalArgumentException if the count does not fit
   */
  public Tensor tensor(Shape shape, float... values) {
    return tensor(
        shape, Layout.NCHW, DataType.FLOAT32, FloatBuffer.wrap(Require.present("values", values)));
  }

  /**
   * Makes a FLOAT64 tensor in layout NCHW from a copy of an array.
   *
   * @param shape the shape
   * @param values the elements in memory order, exactly as many as the shape has
   * @return the tensor
   * @throws IllegalArgumentException if the count or the device does not fit
   */
  public Tensor tensor(Shape shape, double... values) {
    return tensor(
        shape, Layout.NCHW, DataType.FLOAT64, DoubleBuffer.wrap(Require.present("values", values)));
  }

  /**
   * Makes a FLOAT16 or BFLOAT16 tensor in layout NCHW from a copy of its bits.
   *
   * @param shape the shape
   * @param type which of the two
   * @param bits the elements in memory order, exactly as many as the shape has
   * @return the tensor
   * @throws IllegalArgumentException if the count or the type does not fit
   */
  public Tensor tensor(Shape shape, DataType type, short... bits) {
    return tensor(shape, Layout.NCHW, type, ShortBuffer.wrap(Require.present("bits", bits)));
  }

  /**
   * Makes a UINT8 or INT8 tensor in layout NCHW from a copy of its bits.
   *
   * @param shape the shape
   * @param type which of the two
   * @param bits the elements in memory order, exactly as many as the shape has; those of UINT8
   *     above 127 are negative
   * @return the tensor
   * @throws IllegalArgumentException if the count or the type does not fit
   */
  public Tensor tensor(Shape shape, DataType type, byte... bits) {
    return tensor(shape, Layout.NCHW, type, ByteBuffer.wrap(Require.present("bits", bits)));
  }

  /**
   * Makes a tensor of any type but INT32 from numbers: FLOAT64 holds them as they are, the others
   * rounded to nearest, ties to even; 8-bit integers take the nearest end of their range.
   *
   * @param shape the shape
   * @param layout the order of the elements
   * @param type any type but INT32
   * @param values the elements in memory order, exactly as many as the shape has
   * @return the tensor
   * @throws IllegalArgumentException if the count, the type or the device does not fit
   */
  public Tensor tensor(Shape shape, Layout layout, DataType type, float... values) {
    Require.present("type", type);
    return tensor(shape, layout, type, Buffers.converted(type, Require.present("values", values)));
  }

  /**
   * Makes a tensor of the same elements in another layout and type, on the device: wider types hold
   * them exactly, narrower ones rounded to nearest, ties to even. FLOAT64 goes by way of FLOAT32;
   * 8-bit integers take the nearest end of their range, and 0 for NaN.
   *
   * @param x a tensor of this device
   * @param layout the order of the elements; shapes without planes have only one
   * @param type the element type; INT32 only if x has it
   * @return the tensor
   * @throws IllegalArgumentException if x is another device's, or the type or the device does not
   *     fit
   */
  public abstract Tensor converted(Tensor x, Layout layout, DataType type);

  /**
   * Makes a tensor of the same elements in another layout, on the device.
   *
   * @param x a tensor of this device
   * @param layout the order of the elements
   * @return the tensor
   * @throws IllegalArgumentException if x is another device's, or the device cannot hold it
   */
  public Tensor converted(Tensor x, Layout layout) {
    return converted(x, layout, Require.present("x", x).type());
  }

  /**
   * Makes a tensor of the same elements in another type, on the device.
   *
   * @param x a tensor of this device
   * @param type the element type; INT32 only if x has it
   * @return the tensor, rounded as {@link #converted(Tensor, Layout, DataType)} says
   * @throws IllegalArgumentException if x is another device's, or the type or the device does not
   *     fit
   */
  public Tensor converted(Tensor x, DataType type) {
    return converted(x, Require.present("x", x).layout(), type);
  }

  /**
   * Makes an INT32 tensor in layout NCHW, for indices, from a copy of an array.
   *
   * @param shape the shape
   * @param values the elements in memory order, exactly as many as the shape has
   * @return the tensor
   * @throws IllegalArgumentException if the count does not fit
   */
  public Tensor indices(Shape shape, int... values) {
    return tensor(
        shape, Layout.NCHW, DataType.INT32, IntBuffer.wrap(Require.present("values", values)));
  }

  /**
   * Makes the FLOAT32 array of regions of interest.
   *
   * @param boxes one for each region: 5 numbers (batch index, x1, y1, x2, y2), or 4 where the batch
   *     indices are given besides
   * @return the tensor, of as many rows as there are boxes
   * @throws IllegalArgumentException if there is no box, or they have another or not one size
   */
  public Tensor rois(float[]... boxes) {
    Require.present("boxes", boxes);
    Require.that(boxes.length > 0, "boxes are [], but there must be one at least");
    int numbers = Require.present("box 0", boxes[0]).length;
    Require.that(
        numbers == 4 || numbers == 5, "box 0 has %d numbers, but must have 4 or 5", numbers);
    FloatBuffer all = FloatBuffer.allocate(Math.multiplyExact(boxes.length, numbers));
    for (int i = 0; i < boxes.length; i++) {
      Require.present("box " + i, boxes[i]);
      Require.that(
          boxes[i].length == numbers,
          "box %d has %d numbers, but box 0 has %d",
          i,
          boxes[i].length,
          numbers);
      all.put(boxes[i]);
    }
    Shape shape = Shape.array(boxes.length, numbers);
    return tensor(shape, Layout.NCHW, DataType.FLOAT32, all.flip());
  }

  /**
   * Makes a FLOAT32 tensor in layout NCHW of zeros.
   *
   * @param shape the shape
   * @return the tensor
   * @throws IllegalArgumentException if the device cannot hold that many
   */
  public Tensor zeros(Shape shape) {
    return full(shape, Layout.NCHW, DataType.FLOAT32, 0);
  }

  /**
   * Makes a FLOAT32 tensor in layout NCHW of ones.
   *
   * @param shape the shape
   * @return the tensor
   * @throws IllegalArgumentException if the device cannot hold that many
   */
  public Tensor ones(Shape shape) {
    return full(shape, Layout.NCHW, DataType.FLOAT32, 1);
  }

  /**
   * Makes a tensor of one number everywhere.
   *
   * @param shape the shape
   * @param layout the order of the elements
   * @param type any type but INT32
   * @param value the number, rounded to nearest
   * @return the tensor
   * @throws IllegalArgumentException if the type or the device does not fit
   */
  public Tensor full(Shape shape, Layout layout, DataType type, float value) {
    Require.present("shape", shape);
    Require.present("type", type);
    long elements = shape.elements();
    float[] values = new float[(int) Math.min(elements, PART)];
    Arrays.fill(values, value);
    Buffer part = Buffers.converted(type, values);
    Tensor tensor = empty(shape, layout, type);
    try {
      for (long first = 0; first < elements; first += part.capacity()) {
        part.rewind().limit((int) Math.min(part.capacity(), elements - first));
        tensor.write(first, part);
      }
      return tensor;
    } catch (Throwable failed) {
      tensor.close();
      throw failed;
    }
  }
}
