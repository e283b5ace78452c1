package io.github.clpool;

import io.github.clpool.backend.Arguments;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.Tensor;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The arguments of calls without a key, one after the other, so that calls make no garbage. A call
 * has them alone; those of other threads, meanwhile, get others.
 */
final class SpareArguments {
  private static final int ROLES = Role.values().length;

  private final Tensor[] tensors = new Tensor[ROLES];
  private final Arguments arguments = new Arguments(tensors, null);

  private SpareArguments() {}

  static SpareArguments take(AtomicReference<SpareArguments> spare) {
    SpareArguments taken = spare.getAndSet(null);
    return taken != null ? taken : new SpareArguments();
  }

  /** Keeps no tensor of the caller from the garbage collector. */
  void giveBack(AtomicReference<SpareArguments> spare) {
    Arrays.fill(tensors, null);
    spare.set(this);
  }

  /** By role; null where there is none. */
  Tensor[] tensors() {
    return tensors;
  }

  Arguments arguments() {
    return arguments;
  }
}
