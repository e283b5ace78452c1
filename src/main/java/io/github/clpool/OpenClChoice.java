package io.github.clpool;

import io.github.clpool.backend.Backend;
import io.github.clpool.backend.Candidate;
import io.github.clpool.backend.Candidate.Outcome;
import io.github.clpool.backend.PoolingException;
import io.github.clpool.opencl.device.OpenClDevice;
import io.github.clpool.opencl.device.OpenClDiscovery;
import io.github.clpool.opencl.runtime.OpenClBackend;
import io.github.clpool.split.SplitBackend;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The OpenCL device that a policy takes, or the devices. Immutable.
 *
 * @param backend what was opened, or empty if there is none to take
 * @param candidates every device in the order of {@link DevicePolicy.Kind#INDEX}, then whatever
 *     kept others from being found
 */
record OpenClChoice(Optional<Backend> backend, List<Candidate> candidates) {
  static OpenClChoice make(DevicePolicy policy) {
    OpenClDiscovery found = OpenClDiscovery.scan();
    Map<OpenClDevice, Candidate> tried = new HashMap<>();
    List<OpenClBackend> opened = new ArrayList<>();
    boolean takesOne = policy.kind() != DevicePolicy.Kind.SPLIT;
    for (OpenClDevice device : found.ranked()) {
      Optional<String> against = objection(policy, device);
      if (against.isPresent()) {
        tried.put(device, device.candidate(Outcome.AVAILABLE, against.get()));
      } else if (takesOne && !opened.isEmpty()) {
        tried.put(device, device.candidate(Outcome.AVAILABLE, device.summary() + lower(device)));
      } else {
        try {
          OpenClBackend backend = device.open();
          opened.add(backend);
          String reason = device.summary() + "; self-test: " + backend.profile().arithmetic();
          tried.put(device, device.candidate(Outcome.CHOSEN, reason));
        } catch (PoolingException failed) {
          String reason = "it fails when it is opened: " + failed.getMessage();
          tried.put(device, device.candidate(Outcome.REJECTED, reason));
        }
      }
    }
    List<Candidate> candidates = new ArrayList<>();
    for (OpenClDevice device : found.devices()) {
      Candidate usable = tried.get(device);
      candidates.add(
          usable != null
              ? usable
              : device.candidate(Outcome.REJECTED, device.rejection().orElse("unusable")));
    }
    candidates.addAll(found.failures());
    Optional<Backend> backend = together(opened);
    if (backend.isPresent() && backend.get() instanceof SplitBackend split) {
      candidates.replaceAll(each -> withShare(each, split));
    }
    return new OpenClChoice(backend, candidates);
  }

  private static Optional<Backend> together(List<OpenClBackend> opened) {
    return opened.size() > 1
        ? Optional.of(SplitBackend.measured(opened))
        : opened.stream().map(Backend.class::cast).findFirst();
  }

  private static Candidate withShare(Candidate candidate, SplitBackend split) {
    if (candidate.verdict() != Candidate.Outcome.CHOSEN) {
      return candidate;
    }
    String part =
        String.format(
            Locale.ROOT, "; computes %.1f %% of a batch", 100 * split.part(candidate.name()));
    return new Candidate(candidate.name(), candidate.verdict(), candidate.reason() + part);
  }

  private static String lower(OpenClDevice device) {
    return device.isRasteriser()
        ? "; ranked lower: it rasterises in software, which is slower than OpenCL for processors"
        : "; ranked lower";
  }

  /** Why a usable device is not for this policy. */
  private static Optional<String> objection(DevicePolicy policy, OpenClDevice device) {
    return switch (policy.kind()) {
      case AUTO, SPLIT ->
          device.isSimulator()
              ? Optional.of("a simulator, only taken when it is asked for")
              : Optional.empty();
      case NAME -> unless(device.isCalled(policy.device()), "its name does not match");
      case INDEX ->
          unless(
              policy.device().equals(Integer.toString(device.index())),
              "it has index " + device.index());
      case PCI -> unlessTold(policy, device.pciAddress(), "PCI address", "cl_khr_pci_bus_info");
      case UUID -> unlessTold(policy, device.uuid(), "UUID", "cl_khr_device_uuid");
      default -> Optional.empty();
    };
  }

  private static Optional<String> unlessTold(
      DevicePolicy policy, Optional<String> told, String what, String extension) {
    return told.isEmpty()
        ? Optional.of("its driver does not tell its " + what + " (" + extension + ")")
        : unless(told.get().equals(policy.device()), "its " + what + " is " + told.get());
  }

  private static Optional<String> unless(boolean holds, String reason) {
    return holds ? Optional.empty() : Optional.of(reason);
  }
}
