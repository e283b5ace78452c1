package io.github.clpool.opencl.plan;

import io.github.clpool.op.Role;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Plans how a tensor gets another layout and type: through floats where neither type is FLOAT32.
 */
public final class Conversion {
  private static final String FILE = "conversion.cl";

  private Conversion() {}

  /** The launches from {@link Role#INPUT} to {@link Role#OUTPUT}, tensors of the same shape. */
  public static LaunchPlan plan(Tensor from, Tensor to, DeviceProfile device) {
    KernelArgument input = new KernelArgument.Buffer(Role.INPUT);
    KernelArgument output = new KernelArgument.Buffer(Role.OUTPUT);
    if (from.type() == to.type()) {
      DataType moved = from.type() == DataType.INT32 ? DataType.FLOAT32 : from.type(); // as wide
      return LaunchPlan.of(launch("move", moved, input, output, from, to.layout(), device));
    }
    if (to.type() == DataType.FLOAT32) {
      return LaunchPlan.of(
          launch("to_float", from.type(), input, output, from, to.layout(), device));
    }
    if (from.type() == DataType.FLOAT32) {
      return LaunchPlan.of(
          launch("from_float", to.type(), input, output, from, to.layout(), device));
    }
    KernelArgument floats = new KernelArgument.Temporary(0);
    Launch widening = launch("to_float", from.type(), input, floats, from, to.layout(), device);
    Launch narrowing = launch("from_float", to.type(), floats, output, from, from.layout(), device);
    long bytes = from.shape().elements() * Float.BYTES;
    return new LaunchPlan(List.of(), List.of()).then(widening, bytes).then(narrowing);
  }

  private static Launch launch(
      String kernel,
      DataType type,
      KernelArgument source,
      KernelArgument target,
      Tensor from,
      Layout layout,
      DeviceProfile device) {
    boolean transposes = from.shape().hasPlanes() && layout != from.layout();
    long channels = transposes ? from.shape().c() : 1;
    long cells = transposes ? from.shape().planeSize() : 1;
    boolean byPlanes = from.layout() == Layout.NCHW;
    List<KernelArgument> arguments = new ArrayList<>(List.of(source, target));
    arguments.add(new KernelArgument.Long(from.shape().elements()));
    arguments.add(new KernelArgument.Long(byPlanes ? channels : cells));
    arguments.add(new KernelArgument.Long(byPlanes ? cells : channels));
    return Launch.perElement(
        FILE,
        Macros.ofType(type).flag("TRANSPOSED", transposes),
        "conversion_" + kernel,
        arguments,
        from.shape().elements(),
        device);
  }
}
