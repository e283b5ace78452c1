package io.github.clpool.opencl.runtime;

import io.github.clpool.backend.DeviceException;
import io.github.clpool.backend.KernelBuildException;
import io.github.clpool.backend.Lifetime;
import io.github.clpool.cache.Cache;
import io.github.clpool.opencl.plan.KernelSource;
import io.github.clpool.opencl.plan.Launch;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.cl_device_id;
import org.jocl.cl_kernel;
import org.jocl.cl_program;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Built kernel files of one context, by source and options; what cannot be built is remembered too.
 * Thread-safe.
 */
public final class Programs {
  private static final Logger LOG = LoggerFactory.getLogger(Programs.class);
  private static final int MOST_PROGRAMS = 512;
  private static final int MOST_SOURCES = 256;

  private final OpenClContext context;
  private final Cache<Files, KernelSource> sources =
      new Cache<>("backend", MOST_SOURCES, Files::compose, source -> {});
  private final Cache<Key, Program> programs =
      new Cache<>("backend", MOST_PROGRAMS, this::build, Program::close);

  /** A kernel file and the reduction that it includes, or null. */
  private record Files(String file, String reduction) {
    KernelSource compose() {
      return KernelSource.load(file, reduction);
    }
  }

  /** What a program is made from. */
  private record Key(KernelSource source, String options) {}

  public Programs(OpenClContext context) {
    this.context = context;
  }

  /** One program. Freed by OpenCL once its kernels are, too. */
  private final class Program {
    private final cl_program program;
    private final Lifetime lifetime;

    private Program(cl_program program) {
      this.program = program;
      this.lifetime = new Lifetime("program", () -> Calls.code(() -> CL.clReleaseProgram(program)));
    }

    private void close() {
      lifetime.close();
    }
  }

  /** Makes a kernel object, to be released by the caller. */
  public cl_kernel kernel(Launch launch) {
    Files files = new Files(launch.file(), launch.macros().get(Launch.REDUCTION));
    return kernel(sources.get(files), launch.options(), launch.kernel());
  }

  public cl_kernel kernel(KernelSource source, String macros, String name) {
    Key key = new Key(source, options(macros));
    Program program = programs.get(key);
    while (!program.lifetime.tryUse()) { // dropped by the cache since
      program = programs.get(key);
    }
    try {
      cl_program built = program.program;
      return context
          .calls()
          .create(
              "clCreateKernel " + name + " of " + source.file(),
              code -> CL.clCreateKernel(built, name, code));
    } finally {
      program.lifetime.done();
    }
  }

  private String options(String macros) {
    String rounding =
        context.properties().roundedDivisionOption()
            ? " -cl-fp32-correctly-rounded-divide-sqrt"
            : "";
    return ("-cl-std=CL1.2" + rounding + asWritten() + " " + macros).strip();
  }

  /**
   * A simulator runs kernels as they are written: Oclgrind lacks an intrinsic that LLVM's inliner
   * leaves behind, and widens vectors of comparisons wrongly, which LLVM's optimizer makes.
   */
  private String asWritten() {
    return context.properties().isSimulator() ? " -cl-opt-disable" : "";
  }

  private Program build(Key key) {
    long start = System.nanoTime();
    KernelSource source = key.source();
    cl_program program =
        context
            .calls()
            .create(
                "clCreateProgramWithSource of " + source.file(),
                code ->
                    CL.clCreateProgramWithSource(
                        context.context(), 1, new String[] {source.text()}, null, code));
    cl_device_id[] device = {context.device()};
    try {
      int code = Calls.code(() -> CL.clBuildProgram(program, 1, device, key.options(), null, null));
      if (code != CL.CL_SUCCESS) {
        throw failure(source, key.options(), code, log(program));
      }
    } catch (Throwable failed) {
      Calls.code(() -> CL.clReleaseProgram(program));
      throw failed;
    }
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    LOG.debug("built {} in {} ms with {}", source.file(), millis, key.options());
    return new Program(program);
  }

  /** A source that is wrong stays so; what else fails may build it the next time. */
  public DeviceException failure(KernelSource source, String options, int code, String log) {
    return blamesSource(code)
        ? new KernelBuildException(
            context.properties().label(),
            source.file(),
            options,
            Calls.name(code),
            log,
            source.excerpt(log))
        : context.calls().failure("clBuildProgram of " + source.file(), code);
  }

  private static boolean blamesSource(int code) {
    return code == CL.CL_BUILD_PROGRAM_FAILURE
        || code == CL.CL_COMPILE_PROGRAM_FAILURE
        || code == CL.CL_LINK_PROGRAM_FAILURE
        || code == CL.CL_INVALID_BUILD_OPTIONS;
  }

  private String log(cl_program program) {
    long[] size = new long[1];
    int code =
        Calls.code(
            () ->
                CL.clGetProgramBuildInfo(
                    program, context.device(), CL.CL_PROGRAM_BUILD_LOG, 0, null, size));
    if (code != CL.CL_SUCCESS || size[0] == 0) {
      return "the driver gives no build log";
    }
    byte[] text = new byte[(int) size[0]];
    Calls.code(
        () ->
            CL.clGetProgramBuildInfo(
                program,
                context.device(),
                CL.CL_PROGRAM_BUILD_LOG,
                size[0],
                Pointer.to(text),
                null));
    return new String(text, StandardCharsets.UTF_8).replace("\0", "").strip();
  }

  public int size() {
    return programs.size();
  }

  public void close() {
    programs.close();
  }
}
