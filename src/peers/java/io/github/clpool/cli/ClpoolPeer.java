package io.github.clpool.cli;

import io.github.clpool.Pooling;
import io.github.clpool.op.Role;
import io.github.clpool.parity.Case;
import java.util.Map;

/**
 * clpool itself on one device: prepared calls into tensors that are there.
 *
 * @param name what the column is called
 * @param pooling the device, which somebody else closes
 */
record ClpoolPeer(String name, Pooling pooling) implements Peer {
  @Override
  public String version() {
    return Version.number() + " on " + pooling.device().name();
  }

  @Override
  public Call prepare(Case subject, Map<Role, NativeArray> given) {
    return new Call(
        new CallTensors(
            pooling,
            subject,
            (role, tensor) -> {
              tensor.write(given.get(role).elements());
              return true;
            }));
  }

  /** A call on tensors of the device. */
  record Call(CallTensors tensors) implements Prepared {
    @Override
    public void run() {
      tensors.run();
    }

    long bytes() {
      return tensors.bytes();
    }

    @Override
    public float[] values() {
      boolean forward = tensors.get(Role.OUTPUT) != null;
      return tensors.get(forward ? Role.OUTPUT : Role.GRAD_INPUT).toFloats();
    }

    @Override
    public int[] indices() {
      return tensors.get(Role.INDICES).toInts();
    }

    @Override
    public void close() {
      tensors.close();
    }
  }
}
