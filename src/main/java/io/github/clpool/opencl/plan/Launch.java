package io.github.clpool.opencl.plan;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * One kernel launch. Immutable.
 *
 * @param file the kernel file below {@code opencl/}, such as {@code tile.cl}
 * @param macros the macros that the file is built with, beyond its defaults
 * @param kernel the kernel function
 * @param arguments its arguments in order
 * @param global the number of work-items of each dimension, 1 to 3 of them; 0 launches nothing;
 *     rounded up to the work-group by the runtime, so kernels check their position
 * @param local the work-group size of each dimension
 * @param privateBytes the size of a work-item's arrays where they are large, else 0; a processor
 *     keeps those of a whole work-group on one stack
 */
public record Launch(
    String file,
    SortedMap<String, String> macros,
    String kernel,
    List<KernelArgument> arguments,
    List<Long> global,
    List<Long> local,
    long privateBytes) {
  /** The macro that names the header which a skeleton includes. */
  public static final String REDUCTION = "REDUCTION";

  /** The macro of kernels that are made for a work-group of one size. */
  public static final String GROUP = "GROUP";

  private static final long ELEMENTS_OF_GROUP = 64;

  /**
   * Copies the collections.
   *
   * @param file the kernel file below {@code opencl/}, such as {@code tile.cl}
   * @param macros the macros that the file is built with, beyond its defaults
   * @param kernel the kernel function
   * @param arguments its arguments in order
   * @param global the number of work-items of each dimension, 1 to 3 of them; 0 launches nothing;
   *     rounded up to the work-group by the runtime, so kernels check their position
   * @param local the work-group size of each dimension
   * @param privateBytes the size of a work-item's arrays where they are large, else 0
   */
  public Launch {
    macros = Collections.unmodifiableSortedMap(new TreeMap<>(macros));
    arguments = List.copyOf(arguments);
    global = List.copyOf(global);
    local = List.copyOf(local);
  }

  /**
   * A launch without large arrays.
   *
   * @param file the kernel file below {@code opencl/}, such as {@code tile.cl}
   * @param macros the macros that the file is built with, beyond its defaults
   * @param kernel the kernel function
   * @param arguments its arguments in order
   * @param global the number of work-items of each dimension, 1 to 3 of them; 0 launches nothing
   * @param local the work-group size of each dimension
   */
  public Launch(
      String file,
      SortedMap<String, String> macros,
      String kernel,
      List<KernelArgument> arguments,
      List<Long> global,
      List<Long> local) {
    this(file, macros, kernel, arguments, global, local, 0);
  }

  /**
   * A launch with a work-item for each of some elements.
   *
   * @param file the kernel file below {@code opencl/}, such as {@code convert.cl}
   * @param macros the macros
   * @param kernel the kernel function
   * @param arguments its arguments in order
   * @param count the number of elements
   * @param device where it runs
   */
  public static Launch perElement(
      String file,
      Macros macros,
      String kernel,
      List<KernelArgument> arguments,
      long count,
      DeviceProfile device) {
    List<Long> local = List.of(Math.min(ELEMENTS_OF_GROUP, device.maxWorkGroup()));
    return new Launch(file, macros.values(), kernel, arguments, List.of(count), local);
  }

  /**
   * The same launch with other arguments.
   *
   * @param change makes the new argument of each
   * @return the changed copy
   */
  public Launch with(UnaryOperator<KernelArgument> change) {
    return new Launch(
        file, macros, kernel, arguments.stream().map(change).toList(), global, local, privateBytes);
  }

  /**
   * The same launch with large arrays.
   *
   * @param bytes the size of a work-item's arrays
   * @return the changed copy
   */
  public Launch withPrivateBytes(long bytes) {
    return new Launch(file, macros, kernel, arguments, global, local, bytes);
  }

  /**
   * The build options that define the macros.
   *
   * @return one {@code -D} option for each macro, sorted by name, joined by blanks
   */
  public String options() {
    StringBuilder options = new StringBuilder();
    macros.forEach(
        (name, value) -> {
          if (!name.equals(REDUCTION)) { // part of the source
            options.append("-D").append(name).append('=').append(value).append(' ');
          }
        });
    return options.toString().trim();
  }

  /** The header that the kernel file includes, if it is a skeleton. */
  public Optional<String> reduction() {
    return Optional.ofNullable(macros.get(REDUCTION));
  }

  /** The text of the kernel file and of all that it includes. */
  KernelSource source() {
    return KernelSource.load(file, macros.get(REDUCTION));
  }

  /**
   * Whether the work-group is part of the algorithm: the kernel is built for one of that size. All
   * other kernels give the same bits for every work-group.
   *
   * @return true if the macro {@link #GROUP} is defined
   */
  public boolean hasFixedLocal() {
    return macros.containsKey(GROUP);
  }

  /**
   * The number of work-items of each dimension, rounded up to whole work-groups.
   *
   * @return the sizes to enqueue
   */
  public long[] enqueued() {
    long[] sizes = new long[global.size()];
    Arrays.setAll(sizes, i -> (global.get(i) + local.get(i) - 1) / local.get(i) * local.get(i));
    return sizes;
  }
}
