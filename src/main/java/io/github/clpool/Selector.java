package io.github.clpool;

import io.github.clpool.backend.Backend;
import io.github.clpool.backend.Candidate;
import io.github.clpool.backend.Preference;
import io.github.clpool.cpu.CpuBackend;
import io.github.clpool.reference.ReferenceBackend;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the device that a policy asks for. */
final class Selector {
  private static final Logger LOG = LoggerFactory.getLogger(Pooling.class);

  private Selector() {}

  static Pooling open(DevicePolicy policy) {
    boolean specification = policy.kind() == DevicePolicy.Kind.REFERENCE;
    Backend backend = specification ? ReferenceBackend.open() : CpuBackend.open();
    return opened(policy, backend, List.of());
  }

  private static Pooling opened(DevicePolicy policy, Backend backend, List<Candidate> candidates) {
    Selection selection = new Selection(policy, backend.name(), backend.device(), candidates);
    LOG.info("clpool: {}", selection);
    return new Pooling(backend, selection, Preference.NONE);
  }
}
