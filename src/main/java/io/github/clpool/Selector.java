package io.github.clpool;

import io.github.clpool.backend.Backend;
import io.github.clpool.backend.Candidate;
import io.github.clpool.backend.Candidate.Outcome;
import io.github.clpool.backend.DeviceException;
import io.github.clpool.cpu.CpuBackend;
import io.github.clpool.reference.ReferenceBackend;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the device that a policy asks for. Loads no OpenCL class unless it asks for one. */
final class Selector {
  private static final Logger LOG = LoggerFactory.getLogger(Pooling.class);
  private static final String JVM = "JVM";

  private Selector() {}

  static Pooling open(DevicePolicy policy) {
    return switch (policy.kind()) {
      case REFERENCE ->
          opened(
              policy,
              ReferenceBackend.open(),
              List.of(
                  new Candidate("reference", Outcome.CHOSEN, "the policy asks for it"),
                  openClIgnored(policy),
                  new Candidate(JVM, Outcome.AVAILABLE, "the policy asks for the reference")));
      case JVM_ONLY ->
          opened(
              policy,
              CpuBackend.open(),
              List.of(
                  new Candidate(JVM, Outcome.CHOSEN, "the policy asks for it"),
                  openClIgnored(policy)));
      default -> openDevice(policy);
    };
  }

  private static Candidate openClIgnored(DevicePolicy policy) {
    return new Candidate("OpenCL", Outcome.REJECTED, "not looked for under policy " + policy);
  }

  private static Pooling openDevice(DevicePolicy policy) {
    OpenClChoice choice = OpenClChoice.make(policy);
    List<Candidate> candidates = new ArrayList<>(choice.candidates());
    if (choice.backend().isPresent()) {
      String reason =
          policy.kind() == DevicePolicy.Kind.AUTO
              ? "used when there is no OpenCL device"
              : "the policy asks for an OpenCL device";
      candidates.add(new Candidate(JVM, Outcome.AVAILABLE, reason));
      return opened(policy, choice.backend().get(), candidates);
    }
    if (policy.kind() == DevicePolicy.Kind.AUTO) {
      candidates.add(new Candidate(JVM, Outcome.CHOSEN, "there is no OpenCL device to use"));
      return opened(policy, CpuBackend.open(), candidates);
    }
    candidates.add(new Candidate(JVM, Outcome.REJECTED, "the policy asks for an OpenCL device"));
    StringBuilder message = new StringBuilder("no device satisfies policy ").append(policy);
    candidates.forEach(candidate -> message.append("\n  ").append(candidate));
    throw new DeviceException(message.toString());
  }

  private static Pooling opened(DevicePolicy policy, Backend backend, List<Candidate> candidates) {
    Selection selection = new Selection(policy, backend.name(), backend.device(), candidates);
    LOG.info("clpool: {} on {} (policy {})", backend.name(), backend.device(), policy);
    LOG.debug("clpool: {}", selection);
    return new Pooling(backend, selection);
  }
}
