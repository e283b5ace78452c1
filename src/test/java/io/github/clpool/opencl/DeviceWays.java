package io.github.clpool.opencl;

import static io.github.clpool.opencl.plan.DeviceProfile.Rounding.NATIVE;

import io.github.clpool.exact.FloatCheck;
import io.github.clpool.exact.FloatFunction;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.plan.DeviceProfile.Rounding;
import io.github.clpool.opencl.runtime.OpenClBackend;
import io.github.clpool.tensor.DataType;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Every way in which the device of the run may compute a function of floats: each path of quotients
 * and roots forced in turn, vectors where there are such kernels. Not thread-safe.
 */
final class DeviceWays implements AutoCloseable {
  private static final Set<FloatFunction> HAVE_PATHS =
      EnumSet.of(FloatFunction.SQRT, FloatFunction.DIVIDE);

  /** What kernels use where they work on several numbers at a time, by its name in them. */
  private static final Map<FloatFunction, String> OF_VECTORS =
      Map.of(
          FloatFunction.EXP, "exact_exps",
          FloatFunction.POW, "exact_pows",
          FloatFunction.SQRT, "sqrt",
          FloatFunction.DIVIDE, "quotients");

  private final FloatFunction function;
  private final List<OpenClBackend> backends = new ArrayList<>();
  private final Map<String, FloatCheck.Way> ways = new LinkedHashMap<>();

  DeviceWays(FloatFunction function) {
    this.function = function;
    try {
      OpenClBackend plain = kept(TestDevice.open());
      DeviceProfile device = plain.profile();
      if (HAVE_PATHS.contains(function)) {
        for (Rounding path : Rounding.values()) {
          if (path != Rounding.DOUBLE || device.hasDouble()) {
            put(path.name().toLowerCase(Locale.ROOT), kept(TestDevice.open(path)));
          }
        }
      } else {
        put("scalars", plain);
      }
      boolean isRight = device.division() == NATIVE && device.squareRoot() == NATIVE;
      if (isRight && OF_VECTORS.containsKey(function)) {
        ways.put(
            "vectors",
            DeviceFunction.vectors(
                plain, DataType.FLOAT32, OF_VECTORS.get(function), function.arguments()));
      }
    } catch (RuntimeException failed) {
      close();
      throw failed;
    }
  }

  private OpenClBackend kept(OpenClBackend backend) {
    backends.add(backend);
    return backend;
  }

  private void put(String way, OpenClBackend backend) {
    String name = function.kernelName();
    ways.put(way, DeviceFunction.scalar(backend, DataType.FLOAT32, name, function.arguments()));
  }

  /** A check of the function in all these ways. */
  FloatCheck check() {
    return new FloatCheck(function, ways, !backends.get(0).profile().keepsSubnormals());
  }

  @Override
  public void close() {
    backends.forEach(OpenClBackend::close);
  }
}
