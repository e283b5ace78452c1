package io.github.clpool.opencl;

import io.github.clpool.tensor.Tensor;
import org.jocl.blast.CLBlast;
import org.jocl.blast.CLBlastLayout;
import org.jocl.blast.CLBlastStatusCode;
import org.jocl.blast.CLBlastTranspose;
import org.jocl.cl_command_queue;
import org.jocl.cl_event;
import org.jocl.cl_mem;

/** JOCLBlast's GEMM, for {@link PipelineOnDevice}. */
final class MatrixProducts {
  private MatrixProducts() {}

  /** Whether it is there: it has natives for x86-64 only. */
  static boolean load() {
    try {
      CLBlast.setExceptionsEnabled(false);
      return true;
    } catch (UnsatisfiedLinkError | ExceptionInInitializerError | NoClassDefFoundError missing) {
      System.out.println("JOCLBlast does not load, a kernel multiplies: " + missing);
      return false;
    }
  }

  /**
   * For each batch position weights, or those transposed, times its planes, a row each. Returns the
   * event of the last product.
   */
  static cl_event enqueue(
      cl_command_queue queue, Tensor weights, boolean flipped, Tensor x, Tensor result) {
    long rows = result.shape().c();
    long columns = result.shape().planeSize();
    long length = x.shape().c();
    cl_mem factor = OpenClInterop.memory(weights);
    cl_event done = null;
    for (long n = 0; n < result.shape().n(); n++) {
      boolean isLast = n == result.shape().n() - 1;
      done = isLast ? new cl_event() : null;
      int code =
          CLBlast.CLBlastSgemm(
              CLBlastLayout.CLBlastLayoutRowMajor,
              flipped ? CLBlastTranspose.CLBlastTransposeYes : CLBlastTranspose.CLBlastTransposeNo,
              CLBlastTranspose.CLBlastTransposeNo,
              rows,
              columns,
              length,
              1,
              factor,
              0,
              flipped ? rows : length,
              OpenClInterop.memory(x),
              n * length * columns,
              columns,
              0,
              OpenClInterop.memory(result),
              n * rows * columns,
              columns,
              queue,
              done);
      if (code != CLBlastStatusCode.CLBlastSuccess) {
        throw new IllegalStateException(CLBlastStatusCode.stringFor(code));
      }
    }
    return done;
  }

  /** Programs, which it keeps by the address of their context. */
  static void forget() {
    CLBlast.CLBlastClearCache();
  }
}
