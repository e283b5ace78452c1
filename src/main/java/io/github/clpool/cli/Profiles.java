package io.github.clpool.cli;

import io.github.clpool.Pooling;
import io.github.clpool.opencl.DeviceProfile;
import io.github.clpool.opencl.OpenClBackend;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.Optional;

/** What the self-test found out about an open device. Stateless. */
final class Profiles {
  private Profiles() {}

  /** The profile, or empty for the JVM. */
  static Optional<DeviceProfile> of(Pooling pooling) {
    try (Tensor any = pooling.empty(Shape.array(1), Layout.NCHW, DataType.INT32)) {
      return any.storage().owner() instanceof OpenClBackend backend
          ? Optional.of(backend.profile())
          : Optional.empty();
    }
  }
}
