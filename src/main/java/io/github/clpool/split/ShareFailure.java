package io.github.clpool.split;

import io.github.clpool.backend.Backend;
import io.github.clpool.backend.DeviceException;
import io.github.clpool.backend.DeviceMemoryException;
import io.github.clpool.backend.PoolingException;

/**
 * Says which device failed, and where the batch positions of a message are counted from. Stateless.
 */
final class ShareFailure {
  private ShareFailure() {}

  static RuntimeException of(Share share, Backend device, RuntimeException failed) {
    if (failed instanceof DeviceMemoryException) {
      return failed; // names the device, and what it lacks
    } else if (failed instanceof PoolingException) {
      return new DeviceException(
          "%s failed to compute the batch from position %d on: %s"
              .formatted(device.device(), share.first(), failed.getMessage()),
          failed);
    } else if (share.first() == 0) {
      return failed;
    }
    String message =
        "%s, where n counts from batch position %d on"
            .formatted(failed.getMessage(), share.first());
    if (failed instanceof IndexOutOfBoundsException) {
      RuntimeException named = new IndexOutOfBoundsException(message);
      named.initCause(failed);
      return named;
    }
    return failed instanceof IllegalArgumentException
        ? new IllegalArgumentException(message, failed)
        : failed;
  }
}
