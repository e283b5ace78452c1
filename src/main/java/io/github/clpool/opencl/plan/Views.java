package io.github.clpool.opencl.plan;

import io.github.clpool.op.Role;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * Changes launches whose kernels find all tensors' planes by {@code lib/planes.clh} so that these
 * may lie apart in larger buffers: behind each of the tensors comes its view. Stateless.
 */
final class Views {
  private static final Set<Role> WITH_PLANES =
      EnumSet.of(
          Role.INPUT,
          Role.OUTPUT,
          Role.INDICES,
          Role.GRAD_OUTPUT,
          Role.GRAD_INPUT,
          Role.LOGITS,
          Role.GRAD_LOGITS,
          Role.POSITIONS);

  private Views() {}

  static LaunchPlan of(LaunchPlan dense) {
    return new LaunchPlan(dense.launches().stream().map(Views::of).toList(), dense.temporaries());
  }

  private static Launch of(Launch dense) {
    List<KernelArgument> arguments = new ArrayList<>();
    for (KernelArgument argument : dense.arguments()) {
      arguments.add(argument);
      if (argument instanceof KernelArgument.Buffer buffer && WITH_PLANES.contains(buffer.role())) {
        arguments.add(new KernelArgument.View(buffer.role()));
      }
    }
    if (arguments.size() == dense.arguments().size()) {
      return dense;
    }
    TreeMap<String, String> macros = new TreeMap<>(dense.macros());
    macros.put("VIEWS", "1");
    return new Launch(
        dense.file(),
        macros,
        dense.kernel(),
        arguments,
        dense.global(),
        dense.local(),
        dense.privateBytes());
  }
}
