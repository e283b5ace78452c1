package io.github.clpool.opencl.runtime;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/** Reads what platforms and devices say about themselves. Stateless. */
public final class DeviceQueries {
  private DeviceQueries() {}

  private static final int PCI_BUS_INFO = 0x410F; // CL_DEVICE_PCI_BUS_INFO_KHR
  private static final int DEVICE_UUID = 0x106A; // CL_DEVICE_UUID_KHR

  /** {@code CL.CL_DEVICE_TYPE_ALL} is -1L, which some drivers refuse. */
  private static final long ALL_TYPES = 0xFFFFFFFFL;

  public static List<cl_platform_id> platforms(Calls calls) {
    int[] count = new int[1];
    int code = Calls.code(() -> CL.clGetPlatformIDs(0, null, count));
    if (code == CL.CL_PLATFORM_NOT_FOUND_KHR || code == CL.CL_SUCCESS && count[0] == 0) {
      return List.of();
    }
    calls.check("clGetPlatformIDs", () -> code);
    cl_platform_id[] platforms = new cl_platform_id[count[0]];
    calls.check("clGetPlatformIDs", () -> CL.clGetPlatformIDs(count[0], platforms, null));
    return List.of(platforms);
  }

  public static List<cl_device_id> devices(Calls calls, cl_platform_id platform) {
    int[] count = new int[1];
    int code = Calls.code(() -> CL.clGetDeviceIDs(platform, ALL_TYPES, 0, null, count));
    if (code == CL.CL_DEVICE_NOT_FOUND || code == CL.CL_SUCCESS && count[0] == 0) {
      return List.of();
    }
    calls.check("clGetDeviceIDs", () -> code);
    cl_device_id[] devices = new cl_device_id[count[0]];
    calls.check(
        "clGetDeviceIDs", () -> CL.clGetDeviceIDs(platform, ALL_TYPES, count[0], devices, null));
    return List.of(devices);
  }

  public static String name(Calls calls, cl_platform_id platform) {
    return text(
        calls,
        "clGetPlatformInfo",
        (size, value, needed) ->
            CL.clGetPlatformInfo(platform, CL.CL_PLATFORM_NAME, size, value, needed));
  }

  public static cl_platform_id platform(Calls calls, cl_device_id device) {
    cl_platform_id platform = new cl_platform_id();
    calls.check(
        "clGetDeviceInfo",
        () ->
            CL.clGetDeviceInfo(
                device, CL.CL_DEVICE_PLATFORM, Sizeof.cl_platform_id, Pointer.to(platform), null));
    return platform;
  }

  @SuppressWarnings("deprecation") // unified memory has no successor
  public static DeviceProperties properties(Calls calls, String platform, cl_device_id device) {
    Device info = new Device(calls, device);
    boolean rounds =
        (info.number(CL.CL_DEVICE_SINGLE_FP_CONFIG) & CL.CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT) != 0;
    return new DeviceProperties(
        platform,
        info.text(CL.CL_DEVICE_NAME),
        info.text(CL.CL_DEVICE_VERSION),
        info.text(CL.CL_DRIVER_VERSION),
        type(info.number(CL.CL_DEVICE_TYPE)),
        info.number(CL.CL_DEVICE_AVAILABLE) != 0,
        info.number(CL.CL_DEVICE_COMPILER_AVAILABLE) != 0,
        info.text(CL.CL_DEVICE_PROFILE).equals("FULL_PROFILE"),
        info.number(CL.CL_DEVICE_ENDIAN_LITTLE) != 0,
        (int) info.number(CL.CL_DEVICE_ADDRESS_BITS),
        (int) Math.max(info.number(CL.CL_DEVICE_MAX_COMPUTE_UNITS), 1),
        info.number(CL.CL_DEVICE_MAX_WORK_GROUP_SIZE),
        info.numbers(CL.CL_DEVICE_MAX_WORK_ITEM_SIZES),
        info.number(CL.CL_DEVICE_LOCAL_MEM_SIZE),
        info.number(CL.CL_DEVICE_GLOBAL_MEM_SIZE),
        info.number(CL.CL_DEVICE_MAX_MEM_ALLOC_SIZE),
        info.number(CL.CL_DEVICE_MEM_BASE_ADDR_ALIGN) / Byte.SIZE,
        info.number(CL.CL_DEVICE_HOST_UNIFIED_MEMORY) != 0,
        rounds,
        Set.copyOf(List.of(info.text(CL.CL_DEVICE_EXTENSIONS).split("\\s+"))));
  }

  /** The address as {@code lspci} writes it, if the driver tells it. */
  public static Optional<String> pciAddress(
      Calls calls, DeviceProperties properties, cl_device_id device) {
    if (!properties.extensions().contains("cl_khr_pci_bus_info")) {
      return Optional.empty();
    }
    int[] parts = new int[4];
    calls.check(
        "clGetDeviceInfo",
        () ->
            CL.clGetDeviceInfo(
                device,
                PCI_BUS_INFO,
                (long) Sizeof.cl_uint * parts.length,
                Pointer.to(parts),
                null));
    return Optional.of(
        String.format(Locale.ROOT, "%04x:%02x:%02x.%x", parts[0], parts[1], parts[2], parts[3]));
  }

  /** The UUID in lower case, if the driver tells it. */
  public static Optional<String> uuid(
      Calls calls, DeviceProperties properties, cl_device_id device) {
    if (!properties.extensions().contains("cl_khr_device_uuid")) {
      return Optional.empty();
    }
    ByteBuffer bytes = ByteBuffer.allocate(2 * Long.BYTES);
    calls.check(
        "clGetDeviceInfo",
        () ->
            CL.clGetDeviceInfo(
                device, DEVICE_UUID, bytes.capacity(), Pointer.to(bytes.array()), null));
    return Optional.of(new UUID(bytes.getLong(0), bytes.getLong(Long.BYTES)).toString());
  }

  private static DeviceProperties.Type type(long bits) {
    if ((bits & CL.CL_DEVICE_TYPE_GPU) != 0) {
      return DeviceProperties.Type.GPU;
    } else if ((bits & CL.CL_DEVICE_TYPE_ACCELERATOR) != 0) {
      return DeviceProperties.Type.ACCELERATOR;
    }
    return (bits & CL.CL_DEVICE_TYPE_CPU) != 0
        ? DeviceProperties.Type.CPU
        : DeviceProperties.Type.OTHER;
  }

  /** The shape of OpenCL's queries. */
  @FunctionalInterface
  private interface Query {
    int ask(long size, Pointer value, long[] needed);
  }

  private static String text(Calls calls, String call, Query query) {
    long[] size = new long[1];
    calls.check(call, () -> query.ask(0, null, size));
    byte[] bytes = new byte[(int) size[0]];
    calls.check(call, () -> query.ask(size[0], Pointer.to(bytes), null));
    int length = bytes.length;
    while (length > 0 && bytes[length - 1] == 0) {
      length--;
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8).trim();
  }

  /** The queries of one device. */
  private record Device(Calls calls, cl_device_id id) {
    private int ask(int name, long size, Pointer value, long[] needed) {
      return CL.clGetDeviceInfo(id, name, size, value, needed);
    }

    String text(int name) {
      return DeviceQueries.text(
          calls, "clGetDeviceInfo", (size, value, needed) -> ask(name, size, value, needed));
    }

    /** Numbers of 32 or 64 bits alike: the answer is little-endian on every supported host. */
    long number(int name) {
      long[] value = new long[1];
      calls.check("clGetDeviceInfo", () -> ask(name, Sizeof.cl_ulong, Pointer.to(value), null));
      return value[0];
    }

    List<Long> numbers(int name) {
      long[] size = new long[1];
      calls.check("clGetDeviceInfo", () -> ask(name, 0, null, size));
      long[] values = new long[(int) (size[0] / Sizeof.size_t)];
      calls.check("clGetDeviceInfo", () -> ask(name, size[0], Pointer.to(values), null));
      List<Long> list = new ArrayList<>();
      Arrays.stream(values).forEach(list::add);
      return List.copyOf(list);
    }
  }
}
