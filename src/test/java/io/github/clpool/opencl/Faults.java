package io.github.clpool.opencl;

import java.util.List;

/** What the library of {@code opencl_faults.c} offers once it is preloaded and loaded. */
final class Faults {
  /** In the order of {@code opencl_faults.c}. */
  static final List<String> FUNCTIONS =
      List.of(
          "clCreateContext",
          "clCreateCommandQueue",
          "clCreateBuffer",
          "clCreateProgramWithSource",
          "clBuildProgram",
          "clCreateKernel",
          "clGetKernelWorkGroupInfo",
          "clSetKernelArg",
          "clEnqueueNDRangeKernel",
          "clEnqueueReadBuffer",
          "clEnqueueWriteBuffer",
          "clEnqueueMapBuffer",
          "clFlush",
          "clFinish",
          "clEnqueueUnmapMemObject",
          "clEnqueueBarrierWithWaitList",
          "clReleaseContext",
          "clReleaseCommandQueue",
          "clReleaseMemObject",
          "clReleaseProgram",
          "clReleaseKernel",
          "clReleaseEvent",
          "clRetainContext",
          "clRetainCommandQueue",
          "clRetainMemObject",
          "clCreateSubBuffer",
          "clEnqueueMarkerWithWaitList",
          "clEnqueueCopyBufferRect",
          "clGetMemObjectInfo",
          "clGetCommandQueueInfo",
          "clGetEventInfo",
          "clGetEventProfilingInfo",
          "clWaitForEvents",
          "clGetPlatformIDs",
          "clGetPlatformInfo",
          "clGetDeviceIDs",
          "clGetDeviceInfo");

  /** All that needs the device, in place of a function. */
  static final int VANISHED = 100;

  private static final List<String> TRANSFERS =
      List.of("clEnqueueReadBuffer", "clEnqueueWriteBuffer", "clEnqueueMapBuffer");

  private Faults() {}

  /** From now on the nth call of a function fails, or that and all after it. */
  static native void arm(int function, int nth, boolean forever, int code);

  /** From now on no call fails; returns how many did. */
  static native int disarm();

  /** How often a function was called. */
  static native long calls(int function);

  /** How often the host read, wrote or mapped a buffer. */
  static long transfers() {
    return TRANSFERS.stream().mapToLong(name -> calls(FUNCTIONS.indexOf(name))).sum();
  }

  /** How many references to OpenCL's objects there are. */
  static native long references();
}
