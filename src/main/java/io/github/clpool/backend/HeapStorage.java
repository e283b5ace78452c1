package io.github.clpool.backend;

import io.github.clpool.op.Role;
import io.github.clpool.tensor.Buffers;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Storage;
import io.github.clpool.tensor.Tensor;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.ShortBuffer;

/**
 * A Java array as the memory of a tensor, or a part of one, which computations do not know: calls
 * copy it to an array of its own, and back. Thread-safe.
 */
public final class HeapStorage extends Storage {
  private final HeapStorage whole; // this, if it is no part
  private final int origin; // in the array
  private final Lifetime lifetime;
  private volatile Object array;

  /**
   * Makes an array of zeros.
   *
   * @param owner the backend
   * @param type the element type
   * @param elements how many
   * @throws DeviceMemoryException if the JVM cannot hold that many
   */
  public HeapStorage(Object owner, DataType type, long elements) {
    super(owner, type, elements);
    this.whole = this;
    this.origin = 0;
    this.lifetime = new Lifetime("tensor memory", () -> this.array = null);
    long asked = DeviceMemoryException.bytes(type, elements);
    if (elements > Buffers.LONGEST_ARRAY) {
      long limit = (long) Buffers.LONGEST_ARRAY * type.bytes();
      throw new DeviceMemoryException(
          "JVM: asked for a tensor of %d elements, but an array may have at most %d"
              .formatted(elements, Buffers.LONGEST_ARRAY),
          asked,
          limit);
    }
    try {
      this.array = array();
    } catch (OutOfMemoryError full) {
      long limit = Runtime.getRuntime().maxMemory();
      throw new DeviceMemoryException(
          "JVM: asked for %d bytes, but its heap of at most %d bytes has no room for them; -Xmx"
                  .formatted(asked, limit)
              + " sets that size",
          asked,
          limit,
          full);
    }
  }

  /**
   * The array of a tensor that is on the JVM.
   *
   * @param tensor the tensor
   * @return its storage
   */
  public static HeapStorage of(Tensor tensor) {
    return (HeapStorage) Require.present("tensor", tensor).storage();
  }

  /**
   * The array of a call's tensor.
   *
   * @param arguments the call's tensors, which are on the JVM
   * @param role which one
   * @return its storage
   */
  public static HeapStorage of(Arguments arguments, Role role) {
    return of(Require.present("arguments", arguments).get(role));
  }

  /** What a call lacks besides its tensors. */
  static DeviceMemoryException exhausted(OutOfMemoryError lack) {
    long limit = Runtime.getRuntime().maxMemory();
    return new DeviceMemoryException(
        "JVM: out of memory in a call (%s); its heap has at most %d bytes; -Xmx sets that size"
            .formatted(lack.getMessage(), limit),
        0,
        limit,
        lack);
  }

  /** A part, which uses what it is a part of until it is closed. */
  private HeapStorage(HeapStorage of, int first, int elements) {
    super(of.owner(), of.type(), elements);
    of.lifetime.use();
    this.whole = of.whole;
    this.origin = of.origin + first;
    this.array = of.array;
    this.lifetime =
        new Lifetime(
            "tensor memory",
            () -> {
              this.array = null;
              of.lifetime.done();
            });
  }

  @Override
  public HeapStorage part(long first, long elements) {
    return new HeapStorage(this, (int) first, (int) elements);
  }

  boolean isPart() {
    return whole != this;
  }

  /** An array of its own with the same elements. */
  HeapStorage copy() {
    HeapStorage copy = new HeapStorage(owner(), type(), elements());
    copyTo(copy);
    return copy;
  }

  private Object array() {
    int elements = (int) elements();
    return switch (type()) {
      case FLOAT32 -> new float[elements];
      case FLOAT64 -> new double[elements];
      case FLOAT16, BFLOAT16 -> new short[elements];
      case UINT8, INT8 -> new byte[elements];
      case INT32 -> new int[elements];
    };
  }

  /** Who uses the array; it is there as long as somebody does. */
  Lifetime lifetime() {
    return lifetime;
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
   * The bits of a UINT8 or INT8 tensor.
   *
   * @return the array itself
   */
  public byte[] bytes() {
    return (byte[]) array;
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
  public void write(long first, Buffer source) {
    Buffers.checkSource(source, this, first);
    int at = origin + (int) first;
    int count = source.remaining();
    lifetime.use();
    try {
      switch (type()) {
        case FLOAT32 -> ((FloatBuffer) source).get(floats(), at, count);
        case FLOAT64 -> ((DoubleBuffer) source).get(doubles(), at, count);
        case FLOAT16, BFLOAT16 -> ((ShortBuffer) source).get(bits(), at, count);
        case UINT8, INT8 -> ((ByteBuffer) source).get(bytes(), at, count);
        case INT32 -> ((IntBuffer) source).get(ints(), at, count);
      }
    } finally {
      lifetime.done();
    }
  }

  @Override
  public void read(long first, Buffer target) {
    Buffers.checkTarget(target, this, first);
    int at = origin + (int) first;
    int count = target.remaining();
    lifetime.use();
    try {
      switch (type()) {
        case FLOAT32 -> ((FloatBuffer) target).put(floats(), at, count);
        case FLOAT64 -> ((DoubleBuffer) target).put(doubles(), at, count);
        case FLOAT16, BFLOAT16 -> ((ShortBuffer) target).put(bits(), at, count);
        case UINT8, INT8 -> ((ByteBuffer) target).put(bytes(), at, count);
        case INT32 -> ((IntBuffer) target).put(ints(), at, count);
      }
    } finally {
      lifetime.done();
    }
  }

  @Override
  public void copyTo(Storage target) {
    if (!(Require.present("target", target) instanceof HeapStorage heap)) {
      Buffers.copy(this, 0, target);
      return;
    }
    lifetime.use();
    try {
      heap.lifetime.use();
      try {
        System.arraycopy(array, origin, heap.array, heap.origin, (int) elements());
      } finally {
        heap.lifetime.done();
      }
    } finally {
      lifetime.done();
    }
  }

  @Override
  public boolean overlaps(Storage other) {
    return Require.present("other", other) instanceof HeapStorage heap
        && heap.whole == whole
        && Math.max(origin, heap.origin)
            < Math.min(origin + elements(), heap.origin + heap.elements());
  }

  @Override
  public void close() {
    lifetime.close();
  }
}
