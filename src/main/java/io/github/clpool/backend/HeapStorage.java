package io.github.clpool.backend;

import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Storage;
import java.nio.Buffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.ShortBuffer;

/** A Java array as the memory of a tensor. */
public final class HeapStorage implements Storage {
  private final Object owner;
  private final DataType type;
  private Object array;

  /**
   * Makes an array of zeros.
   *
   * @param owner the backend
   * @param type the element type
   * @param elements how many, below 2^31
   */
  public HeapStorage(Object owner, DataType type, long elements) {
    Require.that(
        elements <= Integer.MAX_VALUE - 8,
        "tensor has %d elements, but a tensor of the JVM must have less than 2^31 - 8",
        elements);
    this.owner = owner;
    this.type = type;
    int length = (int) elements;
    this.array =
        switch (type) {
          case FLOAT32 -> new float[length];
          case FLOAT64 -> new double[length];
          case FLOAT16, BFLOAT16 -> new short[length];
          case INT32 -> new int[length];
        };
  }

  @Override
  public Object owner() {
    return owner;
  }

  /**
   * The elements of a FLOAT32 tensor.
   *
   * @return the array itself
   */
  public float[] floats() {
    return (float[]) array;
  }

  /**
   * The elements of a FLOAT64 tensor.
   *
   * @return the array itself
   */
  public double[] doubles() {
    return (double[]) array;
  }

  /**
   * The bits of a FLOAT16 or BFLOAT16 tensor.
   *
   * @return the array itself
   */
  public short[] bits() {
    return (short[]) array;
  }

  /**
   * The elements of an INT32 tensor.
   *
   * @return the array itself
   */
  public int[] ints() {
    return (int[]) array;
  }

  @Override
  public void write(Buffer source) {
    switch (type) {
      case FLOAT32 -> ((FloatBuffer) source).get(floats());
      case FLOAT64 -> ((DoubleBuffer) source).get(doubles());
      case FLOAT16, BFLOAT16 -> ((ShortBuffer) source).get(bits());
      case INT32 -> ((IntBuffer) source).get(ints());
    }
  }

  @Override
  public void read(Buffer target) {
    switch (type) {
      case FLOAT32 -> ((FloatBuffer) target).put(floats());
      case FLOAT64 -> ((DoubleBuffer) target).put(doubles());
      case FLOAT16, BFLOAT16 -> ((ShortBuffer) target).put(bits());
      case INT32 -> ((IntBuffer) target).put(ints());
    }
  }

  @Override
  public void close() {
    array = null;
  }
}
