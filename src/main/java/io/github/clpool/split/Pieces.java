package io.github.clpool.split;

import io.github.clpool.backend.Backend;
import io.github.clpool.backend.Lifetime;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Storage;
import io.github.clpool.tensor.Tensor;
import java.nio.Buffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The memory of a tensor's parts. Every element is in one of them at least; one that is in several
 * is the same in all. Thread-safe.
 */
final class Pieces {
  private final List<Part> parts;
  private final List<Tensor> tensors; // of each part
  private final Lifetime lifetime;

  private Pieces(List<Part> parts, List<Tensor> tensors) {
    this.parts = parts;
    this.tensors = tensors;
    this.lifetime = new Lifetime("tensor memory", () -> Lifetime.freeAll(tensors, Tensor::close));
  }

  /** Makes memory of undefined content, or none if a device lacks it. */
  static Pieces allocate(List<Backend> devices, List<Part> parts, Layout layout, DataType type) {
    List<Tensor> tensors = new ArrayList<>();
    try {
      for (Part part : parts) {
        Storage storage = devices.get(part.device()).allocate(part.shape(), layout, type);
        tensors.add(new Tensor(part.shape(), layout, type, storage, null));
      }
      return new Pieces(parts, tensors);
    } catch (Throwable failed) {
      Lifetime.freeAll(tensors, Tensor::close);
      throw failed;
    }
  }

  List<Part> parts() {
    return parts;
  }

  Tensor tensor(Part part) {
    return tensors.get(parts.indexOf(part));
  }

  /** Who uses them; they are freed once they are closed and nobody does. */
  Lifetime lifetime() {
    return lifetime;
  }

  void read(long first, Buffer target) {
    long end = first + target.remaining();
    for (long at = first; at < end; ) {
      long next = at;
      Part part =
          parts.stream()
              .filter(each -> each.first() <= next && next < each.end())
              .findFirst()
              .orElseThrow();
      at = Math.min(end, part.end());
      tensor(part).read(next - part.first(), slice(target, target.position(), at - next));
      target.position(target.position() + (int) (at - next));
    }
  }

  void write(long first, Buffer source) {
    long end = first + source.remaining();
    for (Part part : parts) {
      long from = Math.max(first, part.first());
      long to = Math.min(end, part.end());
      if (from < to) {
        int position = source.position() + (int) (from - first);
        tensor(part).write(from - part.first(), slice(source, position, to - from));
      }
    }
    source.position(source.limit());
  }

  private static Buffer slice(Buffer buffer, int position, long count) {
    return buffer.duplicate().limit((int) (position + count)).position(position);
  }
}
