import io.github.clpool.opencl.OpenClInterop;
import io.github.clpool.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.blast.CLBlast;
import org.jocl.blast.CLBlastLayout;
import org.jocl.blast.CLBlastStatusCode;
import org.jocl.blast.CLBlastTranspose;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_kernel;
import org.jocl.cl_program;

/** The kernels of {@code lenet.cl} on clpool's queue, and products of matrices by JOCLBlast. */
final class Kernels implements AutoCloseable {
  private final cl_command_queue queue;
  private final cl_program program;
  private final Map<String, cl_kernel> kernels = new HashMap<>();
  private final boolean hasBlast;

  /** Builds the kernels for the device that the tensor is on. */
  Kernels(Tensor any) throws IOException {
    CL.setExceptionsEnabled(true);
    queue = OpenClInterop.queue(any);
    cl_context context = new cl_context();
    CL.clGetCommandQueueInfo(
        queue, CL.CL_QUEUE_CONTEXT, Sizeof.cl_context, Pointer.to(context), null);
    try (InputStream file = Kernels.class.getResourceAsStream("lenet.cl")) {
      String source = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      program = CL.clCreateProgramWithSource(context, 1, new String[] {source}, null, null);
    }
    CL.clBuildProgram(program, 0, null, null, null, null);
    hasBlast = loadBlast();
  }

  private static boolean loadBlast() {
    try {
      CLBlast.setExceptionsEnabled(false);
      return true;
    } catch (UnsatisfiedLinkError | ExceptionInInitializerError | NoClassDefFoundError missing) {
      return false; // it has natives for x86-64 only
    }
  }

  String multiplier() {
    return hasBlast ? "JOCLBlast" : "an own kernel";
  }

  /**
   * Enqueues a kernel: a work-item for each of columns x rows. Arguments: tensors, ints, floats.
   */
  void run(String name, long columns, long rows, Object... arguments) {
    cl_kernel kernel = kernels.computeIfAbsent(name, of -> CL.clCreateKernel(program, of, null));
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i] instanceof Tensor tensor) {
        Pointer memory = Pointer.to(OpenClInterop.memory(tensor));
        CL.clSetKernelArg(kernel, i, Sizeof.cl_mem, memory);
      } else if (arguments[i] instanceof Float number) {
        CL.clSetKernelArg(kernel, i, Sizeof.cl_float, Pointer.to(new float[] {number}));
      } else {
        CL.clSetKernelArg(kernel, i, Sizeof.cl_int, Pointer.to(new int[] {(int) arguments[i]}));
      }
    }
    long[] size = {columns, rows};
    CL.clEnqueueNDRangeKernel(queue, kernel, 2, null, size, null, 0, null, null);
  }

  /** c (m x n) = a (m x length) b (length x n), where a, b or neither lies transposed. */
  void multiply(
      Tensor a, boolean flipA, Tensor b, boolean flipB, Tensor c, long m, long n, long length) {
    if (!hasBlast) {
      run("multiply", n, m, a, b, c, (int) length, flipA ? 1 : 0, flipB ? 1 : 0);
      return;
    }
    int code =
        CLBlast.CLBlastSgemm(
            CLBlastLayout.CLBlastLayoutRowMajor,
            flipA ? CLBlastTranspose.CLBlastTransposeYes : CLBlastTranspose.CLBlastTransposeNo,
            flipB ? CLBlastTranspose.CLBlastTransposeYes : CLBlastTranspose.CLBlastTransposeNo,
            m,
            n,
            length,
            1,
            OpenClInterop.memory(a),
            0,
            flipA ? m : length,
            OpenClInterop.memory(b),
            0,
            flipB ? length : n,
            0,
            OpenClInterop.memory(c),
            0,
            n,
            queue,
            null);
    if (code != CLBlastStatusCode.CLBlastSuccess) {
      throw new IllegalStateException(CLBlastStatusCode.stringFor(code));
    }
  }

  @Override
  public void close() {
    kernels.values().forEach(CL::clReleaseKernel);
    CL.clReleaseProgram(program);
  }
}
