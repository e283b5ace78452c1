package io.github.clpool.split;

import io.github.clpool.tensor.Buffers;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Storage;
import java.nio.Buffer;
import java.util.List;

/**
 * A tensor in parts on several devices. They lie where the last call needed them; a call that needs
 * others moves them, by way of the host. Thread-safe.
 */
final class SplitStorage extends Storage {
  private final SplitBackend backend;
  private final Shape shape;
  private final Layout layout;
  private Pieces pieces; // null as long as there are no elements
  private boolean closed;

  SplitStorage(SplitBackend backend, Shape shape, Layout layout, DataType type) {
    super(backend, type, shape.elements());
    this.backend = backend;
    this.shape = shape;
    this.layout = layout;
  }

  /** Makes memory for parts of this tensor, which is not its own before {@link #become}. */
  Pieces allocate(List<Part> parts) {
    return Pieces.allocate(backend.devices(), parts, layout, type());
  }

  /** The same with a copy of the elements. */
  Pieces copy(List<Part> parts) {
    Pieces copy = allocate(parts);
    try {
      for (Part part : parts) {
        Buffers.copy(this, part.first(), copy.tensor(part).storage());
      }
      return copy;
    } catch (Throwable failed) {
      copy.lifetime().close();
      throw failed;
    }
  }

  /** The elements, these parts among them; the caller ends the use of their lifetime. */
  synchronized Pieces use(List<Part> parts) {
    checkOpen();
    if (pieces == null) {
      pieces = allocate(parts);
    } else if (!pieces.parts().containsAll(parts)) {
      become(copy(parts));
    }
    pieces.lifetime().use();
    return pieces;
  }

  private synchronized Pieces use() {
    checkOpen();
    return use(pieces == null ? backend.usualParts(shape, type()) : pieces.parts());
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("tensor memory is closed");
    }
  }

  /** Takes other elements in place of its own. */
  synchronized void become(Pieces others) {
    if (pieces != null) {
      pieces.lifetime().close();
    }
    pieces = others;
    if (closed) {
      pieces.lifetime().close();
    }
  }

  @Override
  public void write(long first, Buffer source) {
    Buffers.checkSource(source, this, first);
    Pieces used = use();
    try {
      used.write(first, source);
    } finally {
      used.lifetime().done();
    }
  }

  @Override
  public void read(long first, Buffer target) {
    Buffers.checkTarget(target, this, first);
    Pieces used = use();
    try {
      used.read(first, target);
    } finally {
      used.lifetime().done();
    }
  }

  @Override
  public Storage part(long first, long elements) {
    throw new UnsupportedOperationException(
        "several devices share the tensor, so its parts lie in no one place");
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (pieces != null) {
      pieces.lifetime().close();
    }
  }
}
