package io.github.clpool.opencl.graph;

import io.github.clpool.op.Role;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.plan.KernelArgument;
import io.github.clpool.opencl.plan.Launch;
import io.github.clpool.opencl.plan.LaunchPlan;
import io.github.clpool.opencl.plan.Macros;
import io.github.clpool.tensor.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Collects the launches of a plan on matrices, and their temporaries. Not thread-safe. */
final class CrfKernels {
  private static final long WORK_GROUP = 64;

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
    void over(long... global) {
      List<Long> sizes = Arrays.stream(global).boxed().toList();
      launches.add(
          new Launch(
              "crf_pool_" + file + ".cl",
              macros.values(),
              "crf_pool_" + name,
              arguments,
              sizes,
              local(sizes)));
    }
  }

  /**
   * Neighbours along the first dimensions, as far as there are some. Few shapes, since some drivers
   * compile a kernel for each: work-items beyond the last cost less.
   */
  private List<Long> local(List<Long> global) {
    long rest = Math.min(WORK_GROUP, device.maxWorkGroup());
    List<Long> local = new ArrayList<>();
    for (long size : global.subList(0, global.size() - 1)) {
      long wished = size > WORK_GROUP / 2 ? WORK_GROUP : size > 4 ? 8 : size > 1 ? 4 : 1;
      long taken = Math.min(wished, rest);
      rest /= taken;
      local.add(taken);
    }
    local.add(rest);
    return local;
  }
}
