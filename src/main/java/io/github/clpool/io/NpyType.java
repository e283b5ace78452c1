package io.github.clpool.io;

import io.github.clpool.tensor.Excerpt;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The element types that are read from and written to a {@code .npy} file. Immutable. */
public enum NpyType {
  /** IEEE 754 binary16. */
  FLOAT16("<f2", 2),
  /** IEEE 754 binary32. */
  FLOAT32("<f4", 4),
  /** IEEE 754 binary64. */
  FLOAT64("<f8", 8),
  /** 8-bit integers without a sign. */
  UINT8("|u1", 1),
  /** 8-bit integers. */
  INT8("|i1", 1),
  /** 32-bit integers. */
  INT32("<i4", 4),
  /** 64-bit integers. */
  INT64("<i8", 8),
  /** 16 bits without a sign: NumPy has no bfloat16, so these may hold one's bits. */
  BITS16("<u2", 2);

  private final String text;
  private final int bytes;

  NpyType(String text, int bytes) {
    this.text = text;
    this.bytes = bytes;
  }

  /**
   * NumPy's name of the type.
   *
   * @return byte order, kind and size, such as {@code <f4}
   */
  public String text() {
    return text;
  }

  /**
   * The size of an element.
   *
   * @return the size in bytes
   */
  public int bytes() {
    return bytes;
  }

  static NpyType parse(String text) {
    if (text.equals("|O")) {
      throw new IllegalArgumentException(
          "elements are Python objects (a pickle), but must be numbers");
    }
    if (text.startsWith(">")) {
      throw new IllegalArgumentException(
          "elements are '" + Excerpt.of(text) + "', big endian, but must be little endian");
    }
    return Arrays.stream(values())
        .filter(type -> type.text.equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "elements are '"
                        + Excerpt.of(text)
                        + "', but must be one of "
                        + Arrays.stream(values())
                            .map(NpyType::text)
                            .collect(Collectors.joining(", "))));
  }
}
