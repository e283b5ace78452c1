import static io.github.clpool.op.Regions.window;

import io.github.clpool.Pooling;
import io.github.clpool.PreparedPooling;
import io.github.clpool.backend.Backend;
import io.github.clpool.op.Pool;
import io.github.clpool.opencl.OpenClInterop;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_device_id;
import org.jocl.cl_kernel;
import org.jocl.cl_mem;
import org.jocl.cl_platform_id;
import org.jocl.cl_program;

/** A pool between two kernels of one's own, on one's own queue and buffers; nothing is copied. */
public final class JoclPipeline {
  private static final int SIZE = 512;
  private static final int FRAMES = 20;
  private static final float BRIGHT = 0.999f;
  private static final Pool MAX = Pool.max().over(window(3).stride(2).padding(1));

  private JoclPipeline() {}

  /** Counts bright cells of pooled frames; the exit code is not 0 if Java counts others. */
  public static void main(String[] arguments) throws IOException {
    cl_device_id device = device();
    if (device == null) {
      System.out.println("skipped: no OpenCL device is here");
      return;
    }
    CL.setExceptionsEnabled(true);
    int[] counted;
    cl_context context = CL.clCreateContext(null, 1, new cl_device_id[] {device}, null, null, null);
    cl_command_queue queue = queue(context, device);
    try {
      counted = run(context, device, queue);
    } finally {
      CL.clReleaseCommandQueue(queue);
      CL.clReleaseContext(context);
    }
    int total = 0;
    for (int frame = 0; frame < FRAMES; frame++) {
      int expected = expected(frame);
      total += expected;
      if (counted[frame] != expected) {
        System.out.printf(
            "WRONG: frame %d has %d bright cells, not %d%n", frame, expected, counted[frame]);
        System.exit(1);
      }
    }
    System.out.printf("ok: %d bright cells in %d frames, as Java counts them%n", total, FRAMES);
  }

  private static int[] run(cl_context context, cl_device_id device, cl_command_queue queue)
      throws IOException {
    Shape shape = Shape.of(1, 1, SIZE, SIZE);
    Shape pooledShape = MAX.outputShape(shape);
    cl_program program = CL.clCreateProgramWithSource(context, 1, source(), null, null);
    CL.clBuildProgram(program, 0, null, null, null, null);
    cl_kernel draw = CL.clCreateKernel(program, "draw", null);
    cl_kernel count = CL.clCreateKernel(program, "count", null);
    cl_mem frame = buffer(context, new float[(int) shape.elements()]);
    cl_mem pooled = buffer(context, new float[(int) pooledShape.elements()]);
    cl_mem counts = buffer(context, new float[FRAMES]); // ints, but 0 is 0
    int[] counted = new int[FRAMES];

    Backend backend = OpenClInterop.adopt(context, device, queue);
    try (Pooling pooling = Pooling.over(backend);
        Tensor x = OpenClInterop.wrap(backend, frame, 0, shape, Layout.NCHW, DataType.FLOAT32);
        Tensor y =
            OpenClInterop.wrap(backend, pooled, 0, pooledShape, Layout.NCHW, DataType.FLOAT32)) {
      System.out.println("on " + pooling.device().name());
      PreparedPooling pool = pooling.prepare(MAX, shape, Layout.NCHW, DataType.FLOAT32);
      for (int number = 0; number < FRAMES; number++) {
        CL.clSetKernelArg(draw, 0, Sizeof.cl_mem, Pointer.to(frame));
        CL.clSetKernelArg(draw, 1, Sizeof.cl_uint, Pointer.to(new int[] {number}));
        start(queue, draw, shape);

        pool.run(x, y); // enqueued on the same queue, so the order of the calls is kept

        CL.clSetKernelArg(count, 0, Sizeof.cl_mem, Pointer.to(pooled));
        CL.clSetKernelArg(count, 1, Sizeof.cl_float, Pointer.to(new float[] {BRIGHT}));
        CL.clSetKernelArg(count, 2, Sizeof.cl_mem, Pointer.to(counts));
        CL.clSetKernelArg(count, 3, Sizeof.cl_uint, Pointer.to(new int[] {number}));
        start(queue, count, pooledShape);
      }
      // Only now something waits: a few numbers come back, and no frame.
      Pointer target = Pointer.to(counted);
      long bytes = (long) FRAMES * Sizeof.cl_int;
      CL.clEnqueueReadBuffer(queue, counts, true, 0, bytes, target, 0, null, null);
    }
    for (cl_mem memory : new cl_mem[] {frame, pooled, counts}) {
      CL.clReleaseMemObject(memory);
    }
    CL.clReleaseKernel(draw);
    CL.clReleaseKernel(count);
    CL.clReleaseProgram(program);
    return counted;
  }

  private static void start(cl_command_queue queue, cl_kernel kernel, Shape cells) {
    long[] size = {cells.elements()};
    CL.clEnqueueNDRangeKernel(queue, kernel, 1, null, size, null, 0, null, null);
  }

  private static cl_mem buffer(cl_context context, float[] values) {
    long bytes = (long) values.length * Sizeof.cl_float;
    long flags = CL.CL_MEM_READ_WRITE | CL.CL_MEM_COPY_HOST_PTR;
    return CL.clCreateBuffer(context, flags, bytes, Pointer.to(values), null);
  }

  private static String[] source() throws IOException {
    try (InputStream file = JoclPipeline.class.getResourceAsStream("pipeline.cl")) {
      return new String[] {new String(file.readAllBytes(), StandardCharsets.UTF_8)};
    }
  }

  /** The first GPU, else the first device of another kind, else null. */
  private static cl_device_id device() {
    int[] count = new int[1];
    CL.clGetPlatformIDs(0, null, count);
    cl_platform_id[] platforms = new cl_platform_id[count[0]];
    CL.clGetPlatformIDs(count[0], platforms, null);
    for (long kind : new long[] {CL.CL_DEVICE_TYPE_GPU, CL.CL_DEVICE_TYPE_ALL}) {
      for (cl_platform_id platform : platforms) {
        cl_device_id[] found = new cl_device_id[1];
        if (CL.clGetDeviceIDs(platform, kind, 1, found, null) == CL.CL_SUCCESS) {
          return found[0];
        }
      }
    }
    return null;
  }

  @SuppressWarnings("deprecation") // its successor needs OpenCL 2.0
  private static cl_command_queue queue(cl_context context, cl_device_id device) {
    return CL.clCreateCommandQueue(context, device, 0, null);
  }

  /** The same in Java: draws, pools, counts. */
  private static int expected(int number) {
    int bright = 0;
    for (int y = 0; y < SIZE; y += 2) {
      for (int x = 0; x < SIZE; x += 2) {
        float greatest = 0;
        for (int row = Math.max(0, y - 1); row <= Math.min(SIZE - 1, y + 1); row++) {
          for (int column = Math.max(0, x - 1); column <= Math.min(SIZE - 1, x + 1); column++) {
            greatest = Math.max(greatest, drawn(row * SIZE + column, number));
          }
        }
        bright += greatest >= BRIGHT ? 1 : 0;
      }
    }
    return bright;
  }

  private static float drawn(int cell, int number) {
    int hash = cell * (int) 2654435761L + number * 40503;
    hash = (hash ^ (hash >>> 15)) * (int) 2246822519L;
    hash = (hash ^ (hash >>> 13)) * (int) 3266489917L;
    return (hash >>> 8) * 0x1p-24f;
  }
}
