package io.github.clpool.tensor;

/** How an element is stored, and what it is computed in. Immutable. */
public enum DataType {
  /** IEEE 754 binary32, computed in float. */
  FLOAT32(4),
  /** IEEE 754 binary64, computed in double. */
  FLOAT64(8),
  /** IEEE 754 binary16, widened exactly on load, computed in float, rounded once on store. */
  FLOAT16(2),
  /** The upper half of a binary32, treated like {@link #FLOAT16}. */
  BFLOAT16(2),
  /** Integers from 0 to 255, such as the samples of a picture; computed exactly, forward only. */
  UINT8(1),
  /** Integers from -128 to 127, treated like {@link #UINT8}. */
  INT8(1),
  /** 32-bit integers: flat indices inside a plane, never pooled themselves. */
  INT32(4);

  private final int bytes;

  DataType(int bytes) {
    this.bytes = bytes;
  }

  /**
   * The size of one element.
   *
   * @return the size in bytes
   */
  public int bytes() {
    return bytes;
  }

  /**
   * The type that arithmetic happens in.
   *
   * @return {@link #FLOAT32} for the half types, {@link #INT32} for the 8-bit integers, whose sums
   *     may even be longer; else the type itself
   */
  public DataType computingType() {
    return switch (this) {
      case FLOAT16, BFLOAT16 -> FLOAT32;
      case UINT8, INT8 -> INT32;
      case FLOAT32, FLOAT64, INT32 -> this;
    };
  }

  /**
   * Whether every operator takes tensors of this type.
   *
   * @return true for every type but the integers
   */
  public boolean isFloatingPoint() {
    return !isByte() && this != INT32;
  }

  /**
   * Whether elements are integers of 8 bits.
   *
   * @return true for {@link #UINT8} and {@link #INT8}
   */
  public boolean isByte() {
    return this == UINT8 || this == INT8;
  }
}
