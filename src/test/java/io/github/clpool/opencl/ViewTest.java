package io.github.clpool.opencl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Pooling;
import io.github.clpool.PreparedPooling;
import io.github.clpool.backend.Backend;
import io.github.clpool.backend.CallMemory;
import io.github.clpool.backend.Preference;
import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Operators;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Regions;
import io.github.clpool.opencl.device.OpenClDevice;
import io.github.clpool.opencl.runtime.Memory;
import io.github.clpool.opencl.runtime.OpenClBackend;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Handles;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.cl_buffer_region;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_device_id;
import org.jocl.cl_mem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Poolings between parts of larger buffers: what lies beside a part stays as it is. */
class ViewTest {
  private static final int SIZE = 4096; // elements of each buffer
  private static final Shape IN = Shape.of(3, 2, 6, 5);
  private static final Pool MAX = Pool.max().over(Regions.window(2));
  private static final Shape OUT = MAX.outputShape(IN);

  private OpenClDevice device;
  private cl_context context;
  private cl_command_queue queue;
  private Backend backend;
  private Pooling pooling;
  private Pooling jvm;
  private cl_mem from;
  private cl_mem to;
  private long live;
  private float[] source;
  private float[] target;

  @BeforeEach
  @SuppressWarnings("deprecation")
  void open() {
    live = Handles.live();
    device = TestDevice.get();
    context = CL.clCreateContext(null, 1, new cl_device_id[] {device.id()}, null, null, null);
    queue = CL.clCreateCommandQueue(context, device.id(), 0, null);
    backend = OpenClInterop.adopt(context, device.id(), queue);
    pooling = Pooling.over(backend);
    jvm = Pooling.open(DevicePolicy.JVM_ONLY);
    source = cells(1);
    target = cells(2);
    from = buffer(source);
    to = buffer(target);
  }

  private static float[] cells(int seed) {
    Random random = new Random(seed);
    float[] cells = new float[SIZE];
    for (int i = 0; i < SIZE; i++) {
      cells[i] = random.nextInt(1000);
    }
    return cells;
  }

  private cl_mem buffer(float[] content) {
    return CL.clCreateBuffer(
        context,
        CL.CL_MEM_READ_WRITE | CL.CL_MEM_COPY_HOST_PTR,
        4L * SIZE,
        Pointer.to(content),
        null);
  }

  private float[] read(cl_mem mem) {
    float[] values = new float[SIZE];
    CL.clEnqueueReadBuffer(queue, mem, true, 0, 4L * SIZE, Pointer.to(values), 0, null, null);
    return values;
  }

  @AfterEach
  void close() {
    if (jvm != null) {
      jvm.close();
      pooling.close();
      assertEquals(live, Handles.live());
      assertEquals(CL.CL_SUCCESS, CL.clReleaseMemObject(from));
      assertEquals(CL.CL_SUCCESS, CL.clReleaseMemObject(to));
      CL.clReleaseCommandQueue(queue);
      CL.clReleaseContext(context);
    }
  }

  /** The place of each element, by the definition of a view. */
  private static int[] places(View view, Shape shape, Layout layout) {
    int[] places = new int[(int) shape.elements()];
    int at = 0;
    int cells = shape.planeSize();
    for (int n = 0; n < shape.n(); n++) {
      long rows = layout == Layout.NCHW ? shape.c() : cells;
      long length = layout == Layout.NCHW ? cells : shape.c();
      for (int row = 0; row < rows; row++) {
        for (int i = 0; i < length; i++) {
          places[at++] = (int) (view.first() + n * view.batchPitch() + row * view.pitch() + i);
        }
      }
    }
    return places;
  }

  private static float[] taken(float[] all, int[] places) {
    float[] some = new float[places.length];
    for (int i = 0; i < places.length; i++) {
      some[i] = all[places[i]];
    }
    return some;
  }

  private Tensor wrap(cl_mem mem, View view, Shape shape, Layout layout) {
    return OpenClInterop.wrap(backend, mem, view, shape, layout, DataType.FLOAT32);
  }

  private float[] onTheJvm(float[] x, float[] sum, Layout layout, boolean backward) {
    PreparedPooling call = prepared(jvm, layout, backward);
    try (Tensor a = jvm.tensor(backward ? OUT : IN, layout, DataType.FLOAT32, FloatBuffer.wrap(x));
        Tensor b =
            jvm.tensor(backward ? IN : OUT, layout, DataType.FLOAT32, FloatBuffer.wrap(sum))) {
      call.run(a, b);
      return b.toFloats();
    }
  }

  /** Averages, whose gradient needs nothing but the other, and is added to what is there. */
  private static PreparedPooling prepared(Pooling on, Layout layout, boolean backward) {
    Pool pool = backward ? Pool.avg().over(Regions.window(2)) : MAX;
    PreparedPooling call = on.prepare(pool, IN, layout, DataType.FLOAT32);
    return backward ? call.backward().accumulating() : call;
  }

  private void check(View in, View out, Layout layout) {
    for (boolean backward : new boolean[] {false, true}) {
      Shape first = backward ? OUT : IN;
      Shape last = backward ? IN : OUT;
      int[] places = places(out, last, layout);
      float[] before = read(to);
      float[] given = taken(source, places(in, first, layout));
      float[] results = onTheJvm(given, taken(before, places), layout, backward);
      float[] expected = before.clone();
      for (int i = 0; i < places.length; i++) {
        expected[places[i]] = results[i];
      }
      try (Tensor x = wrap(from, in, first, layout);
          Tensor y = wrap(to, out, last, layout)) {
        assertArrayEquals(given, x.toFloats());
        prepared(pooling, layout, backward).run(x, y);
        assertArrayEquals(results, y.toFloats());
      }
      assertArrayEquals(expected, read(to));
      assertArrayEquals(source, read(from));
    }
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void partsOfConcatenatedTensors(Layout layout) {
    Shape wide = Shape.of(5, 7, 6, 5);
    check(View.within(wide, layout, 1, 3), View.within(wide, layout, 2, 5), layout);
    check(View.within(wide, layout, 2, 0), View.within(wide, layout, 0, 0), layout);
  }

  /** No pitch is a multiple of another. */
  @ParameterizedTest
  @EnumSource(Layout.class)
  void anyPitchesAndOffsets(Layout layout) {
    boolean planes = layout == Layout.NCHW;
    int row = planes ? 37 : 7;
    check(new View(1, 401, row), new View(3, 307, row + 3), layout);
    check(new View(0, 60, planes ? 30 : 2), new View(5, 211, row), layout);
  }

  @Test
  void aDenseTensorMayBeginAtAnyElement() {
    try (Tensor x = OpenClInterop.wrap(backend, from, 4, IN, Layout.NCHW, DataType.FLOAT32);
        Tensor y = OpenClInterop.wrap(backend, to, 12, OUT, Layout.NCHW, DataType.FLOAT32)) {
      prepared(pooling, Layout.NCHW, false).run(x, y);
      float[] given = Arrays.copyOfRange(source, 1, 1 + (int) IN.elements());
      float[] results = onTheJvm(given, new float[(int) OUT.elements()], Layout.NCHW, false);
      assertArrayEquals(results, y.toFloats());
      float[] expected = target.clone();
      System.arraycopy(results, 0, expected, 3, results.length);
      assertArrayEquals(expected, read(to));
      assertThrows(IllegalArgumentException.class, () -> OpenClInterop.memory(x));
    }
  }

  /** Of a sub-buffer that kernels may only read, by copies and in place. */
  @Test
  void partsOfPartsThatAreReadOnly() {
    int begin = (int) Math.max(1, device.properties().baseAlignment() / Float.BYTES);
    cl_mem half =
        CL.clCreateSubBuffer(
            from,
            CL.CL_MEM_READ_ONLY,
            CL.CL_BUFFER_CREATE_TYPE_REGION,
            new cl_buffer_region(4L * begin, 4L * (SIZE - begin)),
            null);
    View view = new View(3, 200, 37);
    float[] given = taken(source, places(new View(begin + 3, 200, 37), IN, Layout.NCHW));
    float[] expected = onTheJvm(given, new float[(int) OUT.elements()], Layout.NCHW, false);
    try (Tensor x = wrap(half, view, IN, Layout.NCHW);
        Tensor y = wrap(to, View.within(OUT, Layout.NCHW, 0, 0), OUT, Layout.NCHW)) {
      for (Pooling each : List.of(pooling, inPlace())) {
        y.write(FloatBuffer.wrap(new float[(int) OUT.elements()]));
        prepared(each, Layout.NCHW, false).run(x, y);
        assertArrayEquals(expected, y.toFloats());
      }
      PreparedPooling copy =
          pooling.prepare(Pool.max().over(Regions.window(1)), IN, Layout.NCHW, DataType.FLOAT32);
      try (Tensor dense = pooling.tensor(IN, given)) {
        assertRefused("CL_MEM_READ_ONLY", () -> copy.run(dense, x));
      }
    }
    assertArrayEquals(source, read(from));
    assertEquals(CL.CL_SUCCESS, CL.clReleaseMemObject(half));
  }

  @Test
  void partsAreWrittenAndReadByTheHost() {
    View view = View.within(Shape.of(3, 9, 6, 5), Layout.NCHW, 0, 4);
    int[] places = places(view, IN, Layout.NCHW);
    try (Tensor part = wrap(to, view, IN, Layout.NCHW)) {
      part.write(7, FloatBuffer.wrap(new float[] {-1, -2, -3}));
      float[] expected = target.clone();
      for (int i = 0; i < 3; i++) {
        expected[places[7 + i]] = -1 - i;
      }
      assertArrayEquals(expected, read(to));
      float[] two = new float[2];
      part.read(8, FloatBuffer.wrap(two));
      assertArrayEquals(new float[] {-2, -3}, two);
      part.write(FloatBuffer.wrap(new float[(int) IN.elements()]));
      for (int place : places) {
        expected[place] = 0;
      }
      assertArrayEquals(expected, read(to));
    }
  }

  /** From one part of a buffer into another that lies between its rows. */
  @Test
  void partsShareElementsOnlyWhereTheyDo() {
    Shape wide = Shape.of(3, 4, 6, 5);
    try (Tensor low = wrap(from, View.within(wide, Layout.NCHW, 0, 0), IN, Layout.NCHW);
        Tensor high = wrap(from, View.within(wide, Layout.NCHW, 0, 2), IN, Layout.NCHW);
        Tensor middle = wrap(from, View.within(wide, Layout.NCHW, 0, 1), IN, Layout.NCHW)) {
      assertFalse(low.storage().overlaps(high.storage()));
      assertTrue(low.storage().overlaps(middle.storage()));
      assertTrue(middle.storage().overlaps(high.storage()));
      Pool keep = Pool.max().over(Regions.window(1));
      for (Pooling each : List.of(pooling, inPlace())) {
        high.write(FloatBuffer.wrap(new float[(int) IN.elements()]));
        PreparedPooling copy = each.prepare(keep, IN, Layout.NCHW, DataType.FLOAT32);
        copy.run(low, high);
        assertArrayEquals(low.toFloats(), high.toFloats());
        float[] before = read(from);
        assertThrows(IllegalArgumentException.class, () -> copy.run(low, middle));
        assertArrayEquals(before, read(from));
      }
    }
  }

  /** On every device there is an implementation that takes views. */
  private Pooling inPlace() {
    assertTrue(
        pooling.explain(MAX, IN).stream()
            .map(Verdict::toString)
            .anyMatch("direct: accepts, takes everything; views in place"::equals));
    return pooling.with(Preference.implementation("direct"));
  }

  @Test
  void pitchesThatNothingFollowsMayBeZero() {
    Shape plane = Shape.of(1, 1, 6, 5);
    View first = new View(0, 0, 0);
    try (Tensor x = wrap(from, first, plane, Layout.NCHW);
        Tensor y = wrap(to, first, MAX.outputShape(plane), Layout.NCHW);
        Tensor dense = jvm.tensor(plane, Arrays.copyOf(source, 30));
        Tensor expected = jvm.run(MAX, dense)) {
      inPlace().run(MAX, x, y);
      assertArrayEquals(expected.toFloats(), y.toFloats());
    }
  }

  @Test
  void callsInPlaceTakeNoMemory() {
    Memory memory = ((OpenClBackend) backend).memory();
    PreparedPooling call = inPlace().prepare(MAX, IN, Layout.NCHW, DataType.FLOAT32);
    Shape wide = Shape.of(3, 4, 6, 5);
    try (Tensor x = wrap(from, View.within(wide, Layout.NCHW, 0, 1), IN, Layout.NCHW);
        Tensor y = wrap(to, View.within(wide, Layout.NCHW, 0, 1), OUT, Layout.NCHW)) {
      call.run(x, y); // makes the plan for views
      pooling.trim();
      long made = memory.created();
      for (int i = 0; i < 3; i++) {
        call.run(x, y);
      }
      assertEquals(made, memory.created());
    }
  }

  /** What {@code memory()} tells, and the dense copies, which it leaves out. */
  @Test
  void copiesTakeAsMuchAsTheirTensors() {
    Shape in = Shape.of(8, 2, 4, 4);
    Shape wide = Shape.of(8, 3, 4, 4);
    Shape wideOut = Shape.of(8, 3, 2, 2);
    Operator copied = Operators.parse("s3_pool grid=2 window=2 inference");
    Memory memory = ((OpenClBackend) backend).memory();
    memory.dropKept();
    long before = memory.usedBytes();
    PreparedPooling call = pooling.prepare(copied, in, Layout.NCHW, DataType.FLOAT32);
    try (Tensor x = wrap(from, View.within(wide, Layout.NCHW, 0, 1), in, Layout.NCHW);
        Tensor y =
            wrap(to, View.within(wideOut, Layout.NCHW, 0, 0), Shape.of(8, 2, 2, 2), Layout.NCHW)) {
      call.run(x, y);
    }
    CallMemory told = call.memory();
    assertEquals(new CallMemory(1024, 256, told.temporaries()), told);
    assertEquals(
        before + told.temporaries() + told.inputs() + told.results(),
        memory.usedBytes() + memory.keptBytes());
  }

  @Test
  void aPartWithoutBatchIsEmpty() {
    Shape none = Shape.of(0, 2, 6, 5);
    try (Tensor x = wrap(from, new View(0, 60, 30), none, Layout.NCHW);
        Tensor y = wrap(to, new View(0, 60, 30), MAX.outputShape(none), Layout.NCHW)) {
      pooling.prepare(MAX, none, Layout.NCHW, DataType.FLOAT32).run(x, y);
      assertEquals(0, y.toFloats().length);
    }
  }

  @Test
  void whatDoesNotFitIsRefused() {
    assertRefused("pitch is 29", new View(0, 60, 29));
    assertRefused("batchPitch is 59", new View(0, 59, 30));
    assertRefused("needs elements after the 4096", new View(4000, 60, 30));
    assertRefused("needs elements after the 4096", new View(0, Long.MAX_VALUE, 30));
    assertRefused("needs elements after the 4096", new View(Long.MAX_VALUE, 60, 30));
    assertRefused("more than the 4096", new View(0, 60, Long.MAX_VALUE));
    assertRefused("first is -1", () -> new View(-1, 60, 30));
    assertRefused("channel is 4", () -> View.within(Shape.of(3, 4, 6, 5), Layout.NCHW, 0, 4));
    assertRefused("batch is -1", () -> View.within(IN, Layout.NHWC, -1, 0));
  }

  private void assertRefused(String part, View view) {
    assertRefused(part, () -> wrap(from, view, IN, Layout.NCHW));
  }

  private static void assertRefused(String part, org.junit.jupiter.api.function.Executable action) {
    Exception refused = assertThrows(IllegalArgumentException.class, action);
    assertTrue(refused.getMessage().contains(part), refused::getMessage);
  }
}
