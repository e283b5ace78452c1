package io.github.clpool.opencl.runtime;

import io.github.clpool.backend.Lifetime;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Storage;
import io.github.clpool.tensor.Tensor;
import java.nio.Buffer;

/**
 * A tensor of a call that an exception may quote: its memory stays until it is known whether one
 * does, whatever becomes of the tensor. Keeps no backend from being forgotten. Thread-safe.
 */
final class QuotedTensor {
  private final Shape shape;
  private final Layout layout;
  private final DataType type;
  private final OpenClStorage.Region region;
  private final Lifetime lifetime;

  /** Uses the tensor's memory until it is released. */
  QuotedTensor(Tensor tensor) {
    OpenClStorage storage = (OpenClStorage) tensor.storage();
    this.shape = tensor.shape();
    this.layout = tensor.layout();
    this.type = tensor.type();
    this.region = storage.region();
    this.lifetime = storage.lifetime();
    lifetime.use();
  }

  long bytes() {
    return region.rows().total();
  }

  boolean isIn(OpenClStorage storage) {
    return region.overlaps(storage.region());
  }

  void release() {
    lifetime.done();
  }

  /** The tensor once more, to be read by another queue, whatever its own one waits for. */
  Tensor through(OpenClContext queue, Transfers transfers, Memory memory) {
    return new Tensor(shape, layout, type, new Copy(transfers, queue, memory), null);
  }

  private final class Copy extends Storage {
    private final Transfers transfers;
    private final OpenClContext queue;
    private final Memory memory;

    private Copy(Transfers transfers, OpenClContext queue, Memory memory) {
      super(queue, type, shape.elements());
      this.transfers = transfers;
      this.queue = queue;
      this.memory = memory;
    }

    @Override
    public void write(long first, Buffer source) {
      throw new UnsupportedOperationException("a quoted tensor is only read");
    }

    @Override
    public void read(long first, Buffer target) {
      if (region.mem() != null) {
        transfers.read(region.mem(), first * type.bytes(), target);
        return;
      }
      // a kept buffer may be in use still: its order is that of the other queue
      Memory.Allocation dense = memory.make(new int[(int) (bytes() / Integer.BYTES) + 1]);
      try {
        region.rows().pack(queue, region.root(), dense.mem());
        transfers.read(dense.mem(), first * type.bytes(), target);
      } finally {
        memory.free(dense);
      }
    }

    @Override
    public void close() {
      // the memory is released with what quotes it
    }
  }
}
