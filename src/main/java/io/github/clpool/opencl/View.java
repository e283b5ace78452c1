package io.github.clpool.opencl;

import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Shape;

/**
 * Where a tensor's elements lie in a larger buffer, all numbers in elements. Immutable.
 *
 * <pre>{@code
 * // the channels from 64 on of a concatenated tensor
 * View part = View.within(Shape.of(8, 256, 28, 28), Layout.NCHW, 0, 64);
 * Tensor y = OpenClInterop.wrap(backend, all, part, Shape.of(8, 128, 28, 28), Layout.NCHW, type);
 * }</pre>
 *
 * @param first where the first element is
 * @param batchPitch from one batch position to the next
 * @param pitch from one plane to the next for {@link Layout#NCHW}, whose planes are dense; from one
 *     cell to the next for {@link Layout#NHWC}, whose channels are
 */
public record View(long first, long batchPitch, long pitch) {
  /**
   * Checks that no number is negative.
   *
   * @param first where the first element is
   * @param batchPitch from one batch position to the next
   * @param pitch from one plane or cell to the next
   */
  public View {
    Require.atLeast("first", first, 0);
    Require.atLeast("batchPitch", batchPitch, 0);
    Require.atLeast("pitch", pitch, 0);
  }

  /**
   * A part of a dense tensor: some of its batch and of its channels.
   *
   * @param whole the shape of the tensor
   * @param layout its layout, and that of the part
   * @param batch the first batch position of the part
   * @param channel the first channel of the part
   * @return the view
   * @throws IllegalArgumentException if the tensor has no such batch position or channel
   */
  public static View within(Shape whole, Layout layout, long batch, long channel) {
    Require.present("whole", whole);
    Require.present("layout", layout);
    Require.that(
        batch >= 0 && batch < whole.n(),
        "batch is %d, but must be at least 0 and below the %d of %s",
        batch,
        whole.n(),
        whole);
    Require.that(
        channel >= 0 && channel < whole.c(),
        "channel is %d, but must be at least 0 and below the %d of %s",
        channel,
        whole.c(),
        whole);
    long pitch = layout == Layout.NCHW ? whole.planeSize() : whole.c();
    return new View(
        layout.planeOffset(whole, batch, channel), whole.c() * whole.planeSize(), pitch);
  }
}
