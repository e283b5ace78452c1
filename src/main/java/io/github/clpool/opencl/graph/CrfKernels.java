package io.github.clpool.opencl.graph;

import io.github.clpool.op.Role;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.plan.KernelArgument;
import io.github.clpool.opencl.plan.Launch;
import io.github.clpool.opencl.plan.LaunchPlan;
import io.github.clpool.opencl.plan.Macros;
import io.github.clpool.tensor.DataType;
import java.util.ArrayList;
import java.util.List;

/** Collects the launches of a plan on matrices, and their temporaries. Not thread-safe. */
final class CrfKernels {
  private final DeviceProfile device;
  private final DataType computing;
  private final List<Launch> launches = new ArrayList<>();
  private final List<Long> temporaries = new ArrayList<>();

  CrfKernels(DeviceProfile device, DataType computing) {
    this.device = device;
    this.computing = computing;
  }

  /**
   * A matrix on the device.
   *
   * @param buffer where
   * @param rows how many rows; 0 where only a call's values say how many
   * @param columns how many columns
   * @param elements how many elements
   */
  record Matrix(KernelArgument buffer, int rows, int columns, KernelArgument elements) {
    static Matrix of(KernelArgument buffer, int rows, int columns) {
      return new Matrix(buffer, rows, columns, new KernelArgument.Int(rows * columns));
    }
  }

  Matrix temporary(int rows, int columns) {
    return Matrix.of(temporary((long) rows * columns), rows, columns);
  }

  KernelArgument temporary(long elements) {
    temporaries.add(elements * computing.bytes());
    return new KernelArgument.Temporary(temporaries.size() - 1);
  }

  Kernel kernel(String file, String name) {
    return new Kernel(file, name);
  }

  LaunchPlan plan() {
    return new LaunchPlan(launches, temporaries);
  }

  /** One launch: its macros and its arguments, one after the other. */
  final class Kernel {
    private final String file;
    private final String name;
    private final List<KernelArgument> arguments = new ArrayList<>();
    private final Macros macros = Macros.ofType(computing);

    private Kernel(String file, String name) {
      this.file = file;
      this.name = name;
    }

    Kernel type(DataType type) {
      macros.put("TYPE", type.name());
      return this;
    }

    Kernel flag(String macro, boolean on) {
      macros.flag(macro, on);
      return this;
    }

    Kernel divides() {
      macros.division(true, computing, device);
      return this;
    }

    Kernel with(KernelArgument... more) {
      arguments.addAll(List.of(more));
      return this;
    }

    Kernel with(Role role) {
      return with(new KernelArgument.Buffer(role));
    }

    Kernel with(Matrix... matrices) {
      for (Matrix matrix : matrices) {
        with(matrix.buffer);
      }
      return this;
    }

    Kernel with(int... numbers) {
      for (int number : numbers) {
        with(new KernelArgument.Int(number));
      }
      return this;
    }

    /** Adds the launch, over so many work-items. */
    void over(long items) {
      launches.add(
          Launch.perElement(
              "crf_pool_" + file + ".cl", macros, "crf_pool_" + name, arguments, items, device));
    }
  }
}
