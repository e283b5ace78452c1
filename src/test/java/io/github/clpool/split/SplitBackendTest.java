package io.github.clpool.split;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Nightly;
import io.github.clpool.Pass;
import io.github.clpool.Pooling;
import io.github.clpool.PreparedPooling;
import io.github.clpool.TestDevices;
import io.github.clpool.backend.Backend;
import io.github.clpool.backend.Computation;
import io.github.clpool.backend.Device;
import io.github.clpool.backend.DeviceException;
import io.github.clpool.backend.HeapBackend;
import io.github.clpool.backend.HeapStorage;
import io.github.clpool.backend.Implementation;
import io.github.clpool.backend.Verdict;
import io.github.clpool.cpu.CpuBackend;
import io.github.clpool.op.Inputs;
import io.github.clpool.op.MaxUnpool;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Operators;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Problem;
import io.github.clpool.op.RandomKey;
import io.github.clpool.op.Regions;
import io.github.clpool.op.Role;
import io.github.clpool.opencl.device.OpenClDevice;
import io.github.clpool.opencl.device.OpenClDiscovery;
import io.github.clpool.parity.Parity;
import io.github.clpool.parity.ParityReport;
import io.github.clpool.parity.RefusingBackend;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Handles;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Batches that are split over devices: two of the run's one, at least. */
class SplitBackendTest {
  private static final Pool MAX = Pool.max().over(Regions.window(2));
  private static final Shape SHAPE = Shape.of(4, 2, 4, 6);
  private static final long SEED = Nightly.seed();

  /** Two contexts of each device of the run, the second one twice as fast. */
  private static final Map<String, Pooling> OPEN = new HashMap<>();

  private final long live = Handles.live();

  @AfterEach
  void nothingIsLeft(TestInfo test) {
    assertEquals(live, Handles.live(), test.getDisplayName());
  }

  @AfterAll
  static void closeAll() {
    OPEN.values().forEach(Pooling::close);
    OPEN.clear();
  }

  @BeforeAll
  static void openAll() {
    TestDevices.others().forEach(name -> OPEN.put(name, twice(name)));
  }

  private static Pooling twice(String name) {
    return Pooling.over(new SplitBackend(List.of(open(name), open(name)), 1, 2));
  }

  private static Backend open(String name) {
    return name.equals("jvm") ? CpuBackend.open() : find(name).open();
  }

  private static OpenClDevice find(String name) {
    String part = name.equals("pocl") ? "portable computing language" : name;
    Optional<OpenClDevice> found =
        OpenClDiscovery.scan().ranked().stream()
            .filter(each -> each.name().toLowerCase(Locale.ROOT).contains(part))
            .findFirst();
    Assumptions.assumeTrue(found.isPresent(), () -> "no OpenCL device '" + name + "'");
    return found.get();
  }

  /** All calls of this library, drawn ones and gradients of parameters among them. */
  @ParameterizedTest
  @MethodSource("io.github.clpool.TestDevices#others")
  void theBitsAreThoseOfOneDevice(String name) {
    Pooling split = OPEN.get(name);
    int cases = 300;
    Assumptions.assumeTrue(
        name.equals("jvm") || Nightly.is(), "what is split where is not the device's affair");
    ParityReport report = Parity.ofAll().small().cases(cases).seed(SEED).check(split);
    report.assertEqual();
    assertTrue(report.checks() >= cases - report.refused(), report::toString);
  }

  /** Nothing is made for it before it is refused. */
  @Test
  void moreThanAnArrayHoldsIsNotConvertedOnTheHost() {
    Pooling split = OPEN.get("jvm");
    Assumptions.assumeTrue(split != null, "another run has it");
    try (Tensor x = split.empty(Shape.of(2, 2, 1 << 29), Layout.NCHW, DataType.UINT8)) {
      String said =
          assertThrows(IllegalArgumentException.class, () -> split.converted(x, Layout.NHWC))
              .getMessage();
      assertTrue(said.startsWith("x has shape 2x2x536870912, but"), said);
    }
  }

  private static final String[] DRAWN = {
    "stochastic window=2 stride=1",
    "mix random window=2",
    "max fractional=2 outputRatio=0.7",
    "avg sampled=2 grid=2",
    "s3_pool grid=2 window=2"
  };

  /** The second share begins in the middle of a block of four numbers. */
  @ParameterizedTest
  @MethodSource("io.github.clpool.TestDevices#others")
  void drawsAreThoseOfTheWholeBatch(String name) {
    Pooling split = OPEN.get(name);
    boolean isJvm = split.device().kind() == Device.Kind.JVM;
    for (String text : isJvm ? DRAWN : Arrays.copyOf(DRAWN, 3)) {
      checkDraws(split, Operators.parse(text));
    }
  }

  private static void checkDraws(Pooling split, Operator operator) {
    float[] x = random(SHAPE);
    RandomKey key = new RandomKey(SEED, 3, 7);
    try (Pooling reference = Pooling.open(DevicePolicy.REFERENCE)) {
      assertArrayEquals(
          pooled(reference, operator, key, x),
          pooled(split, operator, key, x),
          () -> operator + ", seed " + SEED);
    }
  }

  private static float[] pooled(Pooling on, Operator operator, RandomKey key, float... values) {
    try (Tensor x = on.tensor(SHAPE, values);
        Pass pass = on.forward(operator, Inputs.of(x).key(key));
        Tensor g = on.ones(pass.output().shape());
        Tensor dx = pass.backward(g)) {
      if (on.selection().backend().equals("split")) {
        String computedBy = pass.computedBy().orElseThrow();
        assertTrue(computedBy.startsWith("split/") && computedBy.contains(" + "), computedBy);
      }
      float[] y = pass.output().toFloats();
      float[] all = Arrays.copyOf(y, y.length + (int) SHAPE.elements());
      System.arraycopy(dx.toFloats(), 0, all, y.length, (int) SHAPE.elements());
      return all;
    }
  }

  private static float[] random(Shape shape) {
    SplittableRandom random = new SplittableRandom(SEED);
    float[] values = new float[(int) shape.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(1, 100);
    }
    return values;
  }

  /** Parts are read and written across their borders; copies are written everywhere. */
  @Test
  void elementsAreReadAndWrittenInAnyPart() {
    try (Pooling split = twice("jvm");
        Tensor x = split.tensor(SHAPE, random(SHAPE));
        Tensor alpha = split.tensor(Shape.array(1), Layout.NCHW, DataType.FLOAT32, 0.5f);
        Pooling one = Pooling.over(CpuBackend.open())) {
      String refusal =
          assertThrows(UnsupportedOperationException.class, () -> x.batch(0, 1)).getMessage();
      assertTrue(refusal.contains("several devices share the tensor"), refusal);
      float[] expected = random(SHAPE);
      Operator mix = Operators.parse("mix alpha window=2");
      for (int i = 0; i < 3; i++) { // the first call gives each device a copy of alpha
        alpha.write(FloatBuffer.wrap(new float[] {0.25f * i}));
        x.write(44 + i, FloatBuffer.wrap(new float[] {-1, -2, -3, -4, -5, -6, -7, -8}));
        for (int k = 0; k < 8; k++) {
          expected[44 + i + k] = -1 - k;
        }
        assertArrayEquals(expected, x.toFloats());
        FloatBuffer some = FloatBuffer.allocate(12);
        x.read(42, some);
        assertArrayEquals(Arrays.copyOfRange(expected, 42, 54), some.array());
        try (Tensor y = split.run(mix, Inputs.of(x).weights(alpha));
            Tensor x1 = one.tensor(SHAPE, expected);
            Tensor alpha1 = one.tensor(Shape.array(1), 0.25f * i);
            Tensor y1 = one.run(mix, Inputs.of(x1).weights(alpha1))) {
          assertArrayEquals(y1.toFloats(), y.toFloats());
          assertEquals("split", y.producer().orElseThrow().backend());
        }
      }
    }
  }

  /** A maximum that fails when it is told to. */
  private static final class Failing implements Implementation<Void, Computation> {
    private final HeapBackend<Void> backend =
        new HeapBackend<>("jvm", "failing device", null, operator -> List.of(this));
    private RuntimeException failure;

    @Override
    public String name() {
      return "failing";
    }

    @Override
    public Verdict accepts(Problem problem, Void device) {
      return accept("it is a test");
    }

    @Override
    public Computation plan(Problem problem, Void device) {
      return arguments -> {
        float[] y = ((HeapStorage) arguments.get(Role.OUTPUT).storage()).floats();
        float[] x = ((HeapStorage) arguments.get(Role.INPUT).storage()).floats();
        System.arraycopy(x, 0, y, 0, y.length);
        if (failure != null) {
          throw failure;
        }
      };
    }
  }

  @Test
  void aDeviceThatFailsIsNamedAndNothingIsHalfDone() {
    Failing failing = new Failing();
    Pool same = Pool.max().over(Regions.window(1));
    try (Pooling split =
            Pooling.over(new SplitBackend(List.of(CpuBackend.open(), failing.backend), 3, 2));
        Tensor x = split.tensor(SHAPE, random(SHAPE));
        Tensor y = split.zeros(SHAPE)) {
      PreparedPooling call = split.prepare(same, SHAPE, Layout.NCHW, DataType.FLOAT32);
      long before = Handles.live();
      failing.failure = new DeviceException("it is gone");
      DeviceException failed = assertThrows(DeviceException.class, () -> call.run(x, y));
      assertEquals(
          "failing device failed to compute the batch from position 3 on: it is gone",
          failed.getMessage());
      assertSame(failing.failure, failed.getCause());
      assertArrayEquals(new float[(int) SHAPE.elements()], y.toFloats(), "nothing was written");
      failing.failure = new IllegalArgumentException("n=1 is wrong");
      IllegalArgumentException wrong =
          assertThrows(IllegalArgumentException.class, () -> split.run(same, x).close());
      assertEquals("n=1 is wrong, where n counts from batch position 3 on", wrong.getMessage());
      assertEquals(before, Handles.live());
      failing.failure = null;
      call.run(x, y);
      assertArrayEquals(random(SHAPE), y.toFloats());
    }
  }

  @ParameterizedTest
  @MethodSource("io.github.clpool.TestDevices#others")
  void whatAKernelFindsWrongSaysWhere(String name) {
    Pooling split = OPEN.get(name);
    Shape shape = Shape.of(3, 1, 2);
    try (Tensor x = split.ones(shape);
        Tensor positions = split.indices(shape, 0, 1, 0, 1, 0, 99)) {
      MaxUnpool unpool = MaxUnpool.to(4);
      IndexOutOfBoundsException wrong =
          assertThrows(
              IndexOutOfBoundsException.class,
              () -> split.run(unpool, Inputs.of(x).positions(positions)).close());
      assertTrue(wrong.getMessage().startsWith("positions[n=1 c=0"), wrong::getMessage);
      assertTrue(
          wrong.getMessage().endsWith(", where n counts from batch position 1 on"),
          wrong::getMessage);
    }
  }

  /** What one device cannot compute is left to the others. */
  @Test
  void aDeviceThatRefusesACallGetsNothing() {
    Backend refusing = RefusingBackend.of("jvm", "refusing device");
    try (Pooling split =
            Pooling.over(new SplitBackend(List.of(refusing, CpuBackend.open()), 5, 1));
        Tensor x = split.tensor(SHAPE, random(SHAPE));
        Tensor y = split.run(MAX, x);
        Pooling one = Pooling.over(CpuBackend.open());
        Tensor x1 = one.tensor(SHAPE, random(SHAPE));
        Tensor y1 = one.run(MAX, x1)) {
      assertEquals("jvm", y.producer().orElseThrow().backend());
      assertArrayEquals(y1.toFloats(), y.toFloats());
      assertTrue(
          split.explain(MAX, SHAPE).stream().anyMatch(each -> each.reason().contains("refusing")));
    }
  }

  @Test
  void closedTensorsAndPoolingsAreRefused() {
    Pooling split = twice("jvm");
    Tensor x = split.zeros(SHAPE);
    Tensor y = split.run(MAX, x);
    x.close();
    assertThrows(IllegalStateException.class, () -> split.run(MAX, x));
    y.close();
    split.close();
    assertThrows(IllegalStateException.class, () -> split.zeros(SHAPE));
  }

  /** Devices of two drivers, as the policy finds them, and then with shares that are known. */
  @Test
  void pocLAndLlvmpipeShareABatch() {
    boolean isAsked = !TestDevices.openCl().isEmpty() && !TestDevices.isSimulator();
    Assumptions.assumeTrue(isAsked, "no OpenCL device is asked for");
    OpenClDevice pocl = find("pocl");
    OpenClDevice llvmpipe = find("llvmpipe");
    try (Pooling split = Pooling.open(DevicePolicy.SPLIT)) {
      assertEquals("split", split.selection().backend());
      for (OpenClDevice device : List.of(pocl, llvmpipe)) {
        assertTrue(split.selection().device().contains(device.name()));
        assertTrue(
            split.selection().candidates().stream()
                .filter(each -> each.name().equals(device.name()))
                .allMatch(each -> each.reason().endsWith(" % of a batch")),
            () -> split.selection().toString());
      }
    }
    try (Pooling split =
        Pooling.over(new SplitBackend(List.of(llvmpipe.open(), pocl.open()), 1, 2))) {
      checkDraws(split, Operators.parse("stochastic window=2 stride=1"));
    }
  }
}
