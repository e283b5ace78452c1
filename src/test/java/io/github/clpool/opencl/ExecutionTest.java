package io.github.clpool.opencl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Pass;
import io.github.clpool.Pooling;
import io.github.clpool.backend.DeviceMemoryException;
import io.github.clpool.backend.KernelBuildException;
import io.github.clpool.backend.Preference;
import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Regions;
import io.github.clpool.op.Role;
import io.github.clpool.opencl.device.OpenClDevice;
import io.github.clpool.opencl.gpu.GroupImplementation;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.plan.KernelSource;
import io.github.clpool.opencl.plan.Launch;
import io.github.clpool.opencl.plan.LaunchPlan;
import io.github.clpool.opencl.plan.OpenClImplementation;
import io.github.clpool.opencl.runtime.Calls;
import io.github.clpool.opencl.runtime.OpenClBackend;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Handles;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jocl.CL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Plans run on a device: values, lifetimes, caches, threads. */
class ExecutionTest {
  private static final Shape SHAPE = Shape.of(2, 3, 9, 11);
  private static final Pool MAX = Pool.max().over(Regions.window(3, 3).stride(2).padding(1));
  private static final Pool AVG = Pool.avg().over(Regions.window(2, 3).stride(1));

  private OpenClBackend backend;
  private Pooling pooling;
  private long before;

  @BeforeEach
  void open() {
    before = Handles.live();
    backend = TestDevice.open();
    pooling = Pooling.over(backend);
  }

  @AfterEach
  void close() {
    if (pooling == null) {
      return; // skipped
    }
    pooling.close();
    assertEquals(before, Handles.live());
    assertEquals(0, backend.memory().usedBytes());
    assertEquals(0, backend.memory().keptBytes());
  }

  private static float[] values(int seed, Shape shape) {
    Random random = new Random(seed);
    float[] values = new float[(int) shape.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(64) - 32;
    }
    return values;
  }

  private static float[] forwardAndBack(Pooling on, Pool operator, float[] x, Shape shape) {
    try (Tensor input = on.tensor(shape, x);
        Pass pass = on.forward(operator, input);
        Tensor gradient = pass.backward(pass.output())) {
      float[] y = pass.output().toFloats();
      float[] g = gradient.toFloats();
      float[] both = Arrays.copyOf(y, y.length + g.length);
      System.arraycopy(g, 0, both, y.length, g.length);
      return both;
    }
  }

  private static float[] expected(Pool operator, float[] x, Shape shape) {
    try (Pooling reference = Pooling.open(DevicePolicy.REFERENCE)) {
      return forwardAndBack(reference, operator, x, shape);
    }
  }

  @Test
  void givesTheBitsOfTheReference() {
    float[] x = values(1, SHAPE);
    for (Pool operator : List.of(MAX, AVG)) {
      assertArrayEquals(expected(operator, x, SHAPE), forwardAndBack(pooling, operator, x, SHAPE));
    }
  }

  @Test
  void worksWhetherOrNotJoclThrows() {
    float[] x = values(2, SHAPE);
    float[] expected = expected(MAX, x, SHAPE);
    for (boolean throwing : new boolean[] {true, false}) {
      CL.setExceptionsEnabled(throwing);
      try {
        assertArrayEquals(expected, forwardAndBack(pooling, MAX, x, SHAPE));
        if (reportsErrors()) {
          continue;
        }
        assertThrows(
            KernelBuildException.class,
            () -> backend.programs().kernel(source("int " + throwing + "("), "", "k"));
        Calls.CallException failed =
            assertThrows(
                Calls.CallException.class,
                () ->
                    backend.programs().kernel(source("kernel void k() {}"), "", "no_such_kernel"));
        assertEquals(CL.CL_INVALID_KERNEL_NAME, failed.code());
        try (OpenClBackend other = TestDevice.open()) {
          assertEquals(backend.device(), other.device());
        }
      } finally {
        CL.setExceptionsEnabled(false); // how JOCL starts
      }
    }
  }

  /** Oclgrind's reports fail its run, also those of errors that are made on purpose. */
  private boolean reportsErrors() {
    return backend.profile().kind() == DeviceProfile.Kind.SIMULATOR;
  }

  private static KernelSource source(String text) {
    return KernelSource.compose("broken.cl", Map.of("broken.cl", text)::get);
  }

  @Test
  void aFailedBuildShowsLogOptionsAndLinesAndIsRemembered() {
    Assumptions.assumeFalse(reportsErrors(), "Oclgrind reports errors made on purpose");
    KernelSource broken = source("\nkernel void k(global int *p) {\n  p[0] = nonsense;\n}\n");
    KernelBuildException failed =
        assertThrows(
            KernelBuildException.class, () -> backend.programs().kernel(broken, "-DTILE=4", "k"));
    for (String part : List.of("broken.cl", backend.device(), "-DTILE=4", "nonsense", "p[0] =")) {
      assertTrue(failed.getMessage().contains(part), failed::getMessage);
    }
    assertTrue(failed.log().contains("nonsense"), failed::log);
    assertTrue(failed.options().contains("-cl-std=CL1.2"), failed::options);
    assertSame(
        failed,
        assertThrows(
            KernelBuildException.class, () -> backend.programs().kernel(broken, "-DTILE=4", "k")));
  }

  @Test
  void onlyAFaultOfItsSourceIsRememberedOfABuild() {
    KernelSource fine = source("kernel void k() {}");
    Map<Integer, Class<?>> passing =
        Map.of(
            CL.CL_OUT_OF_HOST_MEMORY, DeviceMemoryException.class,
            CL.CL_OUT_OF_RESOURCES, DeviceMemoryException.class,
            CL.CL_MEM_OBJECT_ALLOCATION_FAILURE, DeviceMemoryException.class,
            CL.CL_INVALID_OPERATION, Calls.CallException.class);
    // the cache of programs remembers a KernelBuildException alone
    passing.forEach(
        (code, type) -> assertInstanceOf(type, backend.programs().failure(fine, "", code, "")));
    assertInstanceOf(
        KernelBuildException.class,
        backend.programs().failure(fine, "", CL.CL_BUILD_PROGRAM_FAILURE, ""));
  }

  @Test
  void aPlanIsBuiltOnce() {
    float[] x = values(3, SHAPE);
    forwardAndBack(pooling, MAX, x, SHAPE);
    int programs = backend.programs().size();
    forwardAndBack(pooling, MAX, x, SHAPE);
    // another shape: another plan, the same programs
    Shape other = Shape.of(1, 2, 7, 5);
    forwardAndBack(pooling, MAX, values(3, other), other);
    assertEquals(programs, backend.programs().size());
  }

  @Test
  void theWorkGroupChangesNoBit() {
    float[] x = values(4, SHAPE);
    for (Pool operator : List.of(MAX, AVG)) {
      float[] expected = expected(operator, x, SHAPE);
      for (int size : new int[] {1, 3, 16, 1 << 20}) {
        Pooling wished = pooling.with(Preference.NONE.withWorkGroupSize(size));
        assertArrayEquals(expected, forwardAndBack(wished, operator, x, SHAPE));
      }
    }
    assertThrows(IllegalArgumentException.class, () -> Preference.NONE.withWorkGroupSize(0));
  }

  /** rusticl's kernels with barriers take fewer work-items than the device says. */
  @Test
  void localMemoryIsMadeForWhatTheKernelTakes() {
    Shape shape = Shape.of(2, 3, 17, 19);
    float[] x = values(9, shape);
    Pooling wished = pooling.with(Preference.implementation("group"));
    for (Pool operator :
        List.of(Pool.max().over(Regions.global()), Pool.avg().over(Regions.global()))) {
      try (Tensor input = wished.tensor(shape, x);
          Tensor output = wished.run(operator, input)) {
        float[] both = expected(operator, x, shape);
        assertArrayEquals(Arrays.copyOf(both, 6), output.toFloats());
      }
    }
  }

  @Test
  void aPlanThatIsTooLargeForItsKernelIsMadeAgain() {
    List<Long> asked = new ArrayList<>();
    OpenClImplementation greedy =
        new OpenClImplementation() {
          private final OpenClImplementation reduce = new GroupImplementation();

          @Override
          public String name() {
            return "greedy";
          }

          @Override
          public Verdict accepts(Problem problem, DeviceProfile device) {
            return reduce.accepts(problem, device);
          }

          @Override
          public LaunchPlan plan(Problem problem, DeviceProfile device) {
            asked.add(device.maxWorkGroup());
            Launch launch = reduce.plan(problem, device).launches().get(0);
            List<Long> local = asked.size() == 1 ? List.of(1L << 20) : launch.local();
            return LaunchPlan.of(
                new Launch(
                    launch.file(),
                    launch.macros(),
                    launch.kernel(),
                    launch.arguments(),
                    launch.global(),
                    local));
          }
        };
    Shape shape = Shape.of(1, 2, 16, 16);
    float[] x = values(10, shape);
    try (Pooling over =
            Pooling.over(OpenClDevice.backend(TestDevice.context(), (o, kind) -> List.of(greedy)));
        Tensor input = over.tensor(shape, x);
        Tensor output = over.run(Pool.sum().over(Regions.global()), input)) {
      float[] both = expected(Pool.sum().over(Regions.global()), x, shape);
      assertArrayEquals(Arrays.copyOf(both, 2), output.toFloats());
    }
    assertEquals(2, asked.size());
    assertTrue(asked.get(1) <= asked.get(0), asked::toString);
  }

  @Test
  void anEmptyBatchLaunchesNothing() {
    int programs = backend.programs().size();
    Shape empty = Shape.of(0, 3, 9, 11);
    try (Tensor x = pooling.tensor(empty, new float[0]);
        Pass pass = pooling.forward(MAX, x);
        Tensor gradient = pass.backward(pass.output())) {
      assertEquals(Shape.of(0, 3, 5, 6), pass.output().shape());
      assertEquals(0, gradient.toFloats().length);
      assertEquals(programs, backend.programs().size());
    }
  }

  @Test
  void aSteadyPipelineAllocatesNothing() {
    Shape shape = Shape.of(4, 8, 32, 32);
    float[] x = values(5, shape);
    forwardAndBack(pooling, MAX, x, shape);
    long kept = backend.memory().keptBytes();
    long made = backend.memory().created();
    for (int i = 0; i < 5; i++) {
      forwardAndBack(pooling, MAX, x, shape);
    }
    assertEquals(made, backend.memory().created());
    assertEquals(kept, backend.memory().keptBytes());
  }

  @Test
  void nothingClosedIsUsed() {
    Tensor x = pooling.tensor(SHAPE, values(6, SHAPE));
    Tensor y = pooling.run(MAX, x);
    x.close();
    x.close();
    assertThrows(IllegalStateException.class, x::toFloats);
    assertThrows(IllegalStateException.class, () -> pooling.run(MAX, x));
    pooling.close();
    pooling.close();
    IllegalStateException closed =
        assertThrows(IllegalStateException.class, () -> pooling.run(MAX, y));
    assertTrue(closed.getMessage().contains("is closed"), closed::getMessage);
    assertThrows(
        IllegalStateException.class, () -> pooling.empty(SHAPE, Layout.NCHW, DataType.FLOAT32));
    // a tensor keeps what it needs of the device
    assertEquals(SHAPE.n() * SHAPE.c() * 5 * 6, y.toFloats().length);
    y.close();
  }

  @Test
  void tensorsOfAnotherDeviceAreRefused() {
    try (Pooling other = Pooling.over(TestDevice.open());
        Tensor x = other.tensor(SHAPE, values(7, SHAPE))) {
      assertThrows(IllegalArgumentException.class, () -> pooling.run(MAX, x));
    }
  }

  @Test
  void resultsMayBeTheCallers() {
    float[] x = values(8, SHAPE);
    Shape out = MAX.outputShape(SHAPE);
    try (Tensor input = pooling.tensor(SHAPE, x);
        Tensor output = pooling.empty(out, Layout.NCHW, DataType.FLOAT32)) {
      Map<Role, Tensor> tensors = Map.of(Role.INPUT, input, Role.OUTPUT, output);
      pooling.compute(MAX, Direction.FORWARD, tensors, false);
      pooling.finish();
      float[] y = output.toFloats();
      float[] both = expected(MAX, x, SHAPE);
      assertArrayEquals(Arrays.copyOf(both, y.length), y);
    }
  }

  @Test
  void threadsDoNotDisturbEachOther() throws Exception {
    Assumptions.assumeFalse(
        backend.profile().kind() == DeviceProfile.Kind.SIMULATOR,
        "Oclgrind aborts when two threads enqueue");
    int threads = 8;
    List<Pool> operators =
        List.of(
            MAX, AVG, Pool.max().over(Regions.adaptive(3, 2)), Pool.min().over(Regions.global()));
    List<Callable<Void>> jobs =
        IntStream.range(0, threads)
            .<Callable<Void>>mapToObj(thread -> () -> mixedCalls(thread, operators))
            .toList();
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      for (Future<Void> done : pool.invokeAll(jobs)) {
        done.get();
      }
    } finally {
      pool.shutdown();
    }
  }

  private Void mixedCalls(int thread, List<Pool> operators) {
    Random random = new Random(thread);
    for (int call = 0; call < 12; call++) {
      Pool operator = operators.get(random.nextInt(operators.size()));
      Shape shape = Shape.of(1 + random.nextInt(2), 2, 8, 5 + random.nextInt(2));
      float[] x = values(random.nextInt(), shape);
      assertArrayEquals(
          expected(operator, x, shape),
          forwardAndBack(pooling, operator, x, shape),
          () -> "thread " + thread + ", " + operator + " " + shape);
    }
    return null;
  }
}
