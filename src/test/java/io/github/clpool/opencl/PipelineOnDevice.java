package io.github.clpool.opencl;

import io.github.clpool.Pooling;
import io.github.clpool.backend.Backend;
import io.github.clpool.opencl.device.OpenClDevice;
import io.github.clpool.tensor.Completion;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_device_id;
import org.jocl.cl_event;
import org.jocl.cl_kernel;
import org.jocl.cl_mem;
import org.jocl.cl_program;

/**
 * Kernels on a queue of the test, clpool on another; events keep their order. All wait behind an
 * event that is set once everything was enqueued, but on a simulator, whose flush would wait.
 */
final class PipelineOnDevice extends PipelineSide {
  private final cl_command_queue pools;
  private final cl_command_queue kernels;
  private final Backend backend;
  private final cl_event gate;
  private final cl_program program;
  private final List<cl_event> events = new ArrayList<>(); // of kernels, to be released
  private final boolean waits;
  private final boolean multiplies; // by JOCLBlast
  private final LongSupplier counter;
  private long transfers; // by the counter, between the beginning and the end
  private boolean isOpen; // the gate
  private cl_event last; // of what was enqueued, whatever the queue

  /** Counts transfers from or to the host, however often there were some before. */
  PipelineOnDevice(OpenClDevice device, cl_context context, LongSupplier counter) {
    this(device, context, counter, queue(device, context));
  }

  private PipelineOnDevice(
      OpenClDevice device, cl_context context, LongSupplier counter, cl_command_queue pools) {
    this(device, context, counter, pools, OpenClInterop.adopt(context, device.id(), pools));
  }

  private PipelineOnDevice(
      OpenClDevice device,
      cl_context context,
      LongSupplier counter,
      cl_command_queue pools,
      Backend backend) {
    super(Pooling.over(backend));
    this.counter = counter;
    this.pools = pools;
    this.backend = backend;
    this.kernels = queue(device, context);
    this.waits = !device.isSimulator();
    this.multiplies = waits && MatrixProducts.load(); // its kernels would keep a simulator long
    this.gate = CL.clCreateUserEvent(context, new int[1]);
    this.last = gate;
    this.program = CL.clCreateProgramWithSource(context, 1, new String[] {source()}, null, null);
    check(CL.clBuildProgram(program, 1, new cl_device_id[] {device.id()}, null, null, null));
  }

  @SuppressWarnings("deprecation")
  private static cl_command_queue queue(OpenClDevice device, cl_context context) {
    return CL.clCreateCommandQueue(context, device.id(), 0, null);
  }

  private static String source() {
    try (InputStream file = PipelineOnDevice.class.getResourceAsStream("/opencl/pipeline.cl")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static void check(int code) {
    if (code != CL.CL_SUCCESS) {
      throw new IllegalStateException(CL.stringFor_errorCode(code));
    }
  }

  @Override
  void begin() {
    if (!waits) {
      openGate();
    }
    transfers = -counter.getAsLong();
  }

  long transfers() {
    return transfers;
  }

  /** What clpool reads next waits for the kernels. */
  @Override
  void end() {
    keep(OpenClInterop.enqueue(backend, () -> {}, last));
    transfers += counter.getAsLong();
    openGate();
  }

  private void openGate() {
    if (!isOpen) {
      isOpen = true;
      check(CL.clSetUserEventStatus(gate, CL.CL_COMPLETE));
    }
  }

  @Override
  <T extends AutoCloseable> T pool(Supplier<T> call) {
    List<T> made = new ArrayList<>();
    Completion done = keep(OpenClInterop.enqueue(backend, () -> made.add(keep(call.get())), last));
    last = OpenClInterop.event(done);
    return made.get(0);
  }

  @Override
  void start(String name, Tensor result, Tensor... inputs) {
    if (multiplies && name.startsWith("multiply")) {
      check(CL.clEnqueueBarrierWithWaitList(kernels, 1, new cl_event[] {last}, null));
      boolean flipped = name.equals("multiply_flipped");
      append(MatrixProducts.enqueue(kernels, inputs[1], flipped, inputs[0], result));
      return;
    }
    cl_kernel kernel = CL.clCreateKernel(program, name, null);
    set(kernel, 0, inputs[0]);
    set(kernel, 1, inputs[inputs.length - 1]);
    set(kernel, 2, result);
    Shape from = inputs[0].shape();
    Shape to = result.shape();
    boolean planes = from.hasPlanes() && to.hasPlanes();
    set(kernel, 3, planes ? (int) from.c() : 1);
    set(kernel, 4, planes ? (int) to.c() : 1);
    set(kernel, 5, planes ? to.h() : 1);
    set(kernel, 6, planes ? to.w() : 1);
    cl_event done = new cl_event();
    long[] size = {to.elements()};
    cl_event[] before = {last};
    check(CL.clEnqueueNDRangeKernel(kernels, kernel, 1, null, size, null, 1, before, done));
    check(CL.clReleaseKernel(kernel));
    append(done);
  }

  private void append(cl_event done) {
    check(CL.clFlush(kernels));
    events.add(done);
    last = done;
  }

  private static void set(cl_kernel kernel, int index, Tensor tensor) {
    cl_mem memory = OpenClInterop.memory(tensor);
    check(CL.clSetKernelArg(kernel, index, Sizeof.cl_mem, Pointer.to(memory)));
  }

  private static void set(cl_kernel kernel, int index, int number) {
    check(CL.clSetKernelArg(kernel, index, Sizeof.cl_int, Pointer.to(new int[] {number})));
  }

  @Override
  public void close() {
    openGate(); // if it came to no end
    CL.clFinish(kernels);
    super.close();
    events.forEach(CL::clReleaseEvent);
    CL.clReleaseEvent(gate);
    CL.clReleaseProgram(program);
    if (multiplies) {
      MatrixProducts.forget();
    }
    CL.clReleaseCommandQueue(kernels);
    CL.clReleaseCommandQueue(pools);
  }
}
