package io.github.clpool.opencl.plan;

import io.github.clpool.backend.Arguments;
import io.github.clpool.exact.BadPosition;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.Shape;
import java.util.Set;

/**
 * Reports the first plane in which an unpooling found a position outside the output.
 *
 * @param output the output's shape
 */
public record PositionFault(Shape output) implements KernelArgument.Fault.Report {
  @Override
  public Set<Role> quoted() {
    return Set.of(Role.POSITIONS);
  }

  @Override
  public RuntimeException exception(long plane, Arguments arguments) {
    return BadPosition.exception(arguments.get(Role.POSITIONS), output, plane);
  }
}
