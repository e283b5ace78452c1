package io.github.clpool.opencl.plan;

import io.github.clpool.tensor.DataType;
import java.util.Locale;
import java.util.Optional;

/**
 * What planning needs to know of a device; can be written for one that is not there. Immutable.
 *
 * @param platform the platform's name
 * @param name the device's name
 * @param kind what it is
 * @param computeUnits the number of compute units, at least 1
 * @param maxWorkGroup the most work-items of a work-group
 * @param localMemory the local memory of a work-group in bytes
 * @param memory the device's memory in bytes
 * @param maxAllocation the largest buffer in bytes
 * @param hasDouble whether there is fp64
 * @param division how a correctly rounded float division is had
 * @param squareRoot how a correctly rounded float square root is had
 * @param keepsSubnormals whether float subnormals survive arithmetic
 * @param exactFma whether {@code fma} is right far inside the normal range
 * @param exactSubnormalFma whether it is right near subnormals, too
 * @param widensHalves whether its own way to widen halves is exact, and the fastest
 * @param loopLimit after how many iterations the device ends the loops of a work-item, without a
 *     word; {@link #NO_LIMIT} if it does not
 */
public record DeviceProfile(
    String platform,
    String name,
    Kind kind,
    int computeUnits,
    long maxWorkGroup,
    long localMemory,
    long memory,
    long maxAllocation,
    boolean hasDouble,
    Rounding division,
    Rounding squareRoot,
    boolean keepsSubnormals,
    boolean exactFma,
    boolean exactSubnormalFma,
    boolean widensHalves,
    long loopLimit) {
  /** A result smaller than this is worth keeping in the caches of a processor. */
  public static final long STREAMED_BYTES = 8 << 20;

  /** Enough of them for a unit to hide how long memory takes. */
  private static final long ITEMS_PER_UNIT = 4096;

  /** Enough for the largest; Intel's drivers count sixteen units where others count one. */
  private static final long MOST_BUSY_ITEMS = 1 << 19;

  /** A loop limit that there is not. */
  public static final long NO_LIMIT = Long.MAX_VALUE;

  /** What a device is. */
  public enum Kind {
    /** A processor that runs a work-item at a time, with vectors inside it. */
    CPU,
    /** A processor that runs many work-items side by side. */
    GPU,
    /** A simulator that checks every access; slow. */
    SIMULATOR
  }

  /** How a correctly rounded float operation is had. */
  public enum Rounding {
    /** The device's own operation passed the self-test. */
    NATIVE,
    /** In double, rounded to float. */
    DOUBLE,
    /** With integers. */
    INTEGER
  }

  /**
   * What the self-test found, in a few words.
   *
   * @return how division and square root are had, and what is missing or wrong
   */
  public String arithmetic() {
    return "division "
        + division.name().toLowerCase(Locale.ROOT)
        + ", square root "
        + squareRoot.name().toLowerCase(Locale.ROOT)
        + (hasDouble ? ", fp64" : ", no fp64")
        + (keepsSubnormals ? ", keeps subnormals" : ", flushes subnormals")
        + (exactSubnormalFma
            ? ", fma right"
            : exactFma ? ", fma wrong near subnormals" : ", fma wrong")
        + (endsLoops() ? ", loops end after " + loopLimit + " iterations" : "");
  }

  /**
   * Whether it is a processor, or a program that draws on one.
   *
   * @return true if a work-item runs on a core
   */
  public boolean isProcessor() {
    return kind == Kind.CPU;
  }

  /**
   * Whether it is PoCL, whose compiler knows clang's builtin functions.
   *
   * @return true if it is
   */
  public boolean isPocl() {
    return platform.equals("Portable Computing Language");
  }

  /**
   * Why kernels that divide whole vectors cannot compute with a type, whose quotients would have to
   * be the device's own.
   *
   * @param type the type of a call's tensors
   * @return the reason; empty if they can
   */
  public Optional<String> divisionRefusal(DataType type) {
    return type == DataType.FLOAT64 || division == Rounding.NATIVE
        ? Optional.empty()
        : Optional.of("the device does not divide correctly rounded");
  }

  /**
   * Whether the device ends the loops of a work-item early.
   *
   * @return true if there is a limit
   */
  public boolean endsLoops() {
    return loopLimit != NO_LIMIT;
  }

  /**
   * How many work-items keep a GPU busy. With fewer, larger ones gain nothing.
   *
   * @return the number
   */
  public long busyItems() {
    return Math.min(ITEMS_PER_UNIT * computeUnits, MOST_BUSY_ITEMS);
  }

  /**
   * The same device for kernels that take smaller work-groups than others.
   *
   * @param most the most work-items of a work-group
   * @return the changed copy
   */
  public DeviceProfile withMaxWorkGroup(long most) {
    return new DeviceProfile(
        platform,
        name,
        kind,
        computeUnits,
        most,
        localMemory,
        memory,
        maxAllocation,
        hasDouble,
        division,
        squareRoot,
        keepsSubnormals,
        exactFma,
        exactSubnormalFma,
        widensHalves,
        loopLimit);
  }

  /**
   * A usual GPU with fp64, to plan for without having one.
   *
   * @return the profile
   */
  public static DeviceProfile genericGpu() {
    return generic("generic GPU", Kind.GPU, 32, 256, 32 << 10);
  }

  /**
   * A usual processor that need not be there, for plans without a device.
   *
   * @return its profile
   */
  public static DeviceProfile genericCpu() {
    return generic("generic CPU", Kind.CPU, 8, 4096, 512 << 10);
  }

  private static DeviceProfile generic(
      String name, Kind kind, int units, int workGroup, int localMemory) {
    return new DeviceProfile(
        "none",
        name,
        kind,
        units,
        workGroup,
        localMemory,
        8L << 30,
        2L << 30,
        true,
        Rounding.NATIVE,
        Rounding.NATIVE,
        true,
        true,
        true,
        kind != Kind.CPU,
        NO_LIMIT);
  }
}
