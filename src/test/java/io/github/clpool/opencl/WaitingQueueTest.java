package io.github.clpool.opencl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Pooling;
import io.github.clpool.op.Inputs;
import io.github.clpool.op.Operators;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.opencl.device.OpenClDevice;
import io.github.clpool.opencl.runtime.Calls;
import io.github.clpool.parity.Case;
import io.github.clpool.parity.TestInputs;
import io.github.clpool.tensor.Completion;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jocl.CL;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_device_id;
import org.jocl.cl_event;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Calls return while the caller's queue waits for an event that only the caller can set: the first
 * call of a plan, which makes its tables, too.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WaitingQueueTest {
  private static final List<String> OPERATORS =
      List.of(
          "max window=3 stride=2 padding=1",
          "max window=2",
          "min window=2",
          "sum window=2",
          "max global",
          "max adaptive=3",
          "max fractional=2 outputSize=3",
          "max sampled=2 grid=4",
          "avg adaptive=3",
          "avg fractional=2 outputSize=3",
          "avg sampled=2 grid=4",
          "avg global",
          "lp p=2 window=2",
          "gem adaptive=3",
          "soft adaptive=3",
          "importance adaptive=3",
          "mix mean adaptive=3",
          "stochastic adaptive=3",
          "median adaptive=3",
          "variance adaptive=3",
          "std adaptive=3",
          "log_sum_exp adaptive=3",
          "s3_pool grid=4 window=2",
          "s3_pool grid=4 window=2 inference",
          "max_unpool window=2",
          "max_unpool window=2 distinct",
          "roi_pool output=2",
          "roi_align output=2",
          "roi_align output=2 mode=max samplingRatio=2",
          "soft_gate");

  /** Of graphs, which the host reads beside the queue. */
  private static final List<String> GRAPHS =
      List.of("crf_pool", "crf_pool edges=2", "crf_pool given compatibility");

  /** Given as samples, which kernels check, instead of a key. */
  private static final List<String> SAMPLED =
      List.of("max fractional=2 outputSize=3", "avg fractional=2 outputSize=3");

  private cl_context context;
  private cl_command_queue queue;
  private Pooling pooling;
  private Pooling jvm;

  @BeforeAll
  @SuppressWarnings("deprecation")
  void open() {
    OpenClDevice device = TestDevice.get();
    Assumptions.assumeFalse(device.isSimulator(), "Oclgrind's clFlush waits for events");
    context = CL.clCreateContext(null, 1, new cl_device_id[] {device.id()}, null, null, null);
    queue = CL.clCreateCommandQueue(context, device.id(), 0, null);
    pooling = Pooling.over(OpenClInterop.adopt(context, device.id(), queue));
    jvm = Pooling.open(DevicePolicy.JVM_ONLY);
  }

  @AfterAll
  void close() {
    if (pooling != null) {
      jvm.close();
      pooling.close();
      CL.clReleaseCommandQueue(queue);
      CL.clReleaseContext(context);
    }
  }

  @Test
  void allOperatorsAreHere() {
    Set<String> all = new TreeSet<>();
    calls().forEach(call -> all.add(call.operator().name()));
    assertEquals(new TreeSet<>(Operators.names()), all);
  }

  static Stream<Case> calls() {
    return Stream.of(
            OPERATORS.stream().flatMap(text -> calls(text, "2x3x4x8 seed=8", "NHWC")),
            SAMPLED.stream().flatMap(text -> calls(text, "2x3x4x8 seed=9", "NHWC")),
            GRAPHS.stream().flatMap(text -> calls(text, "9x3 seed=8")))
        .flatMap(calls -> calls);
  }

  private static Stream<Case> calls(String text, String on, String... more) {
    String forward = Operators.parse(text).hasIndices() ? "indices" : "";
    return Stream.concat(Stream.of(forward, "backward", "accumulate"), Stream.of(more))
        .map(way -> Case.parse((text + " on " + on + " " + way).strip()));
  }

  /** The tensors of a call, with what a forward call of the same device gave. */
  private static Map<Role, Tensor> tensors(Pooling on, Case call) {
    Problem problem = call.problem();
    Map<Role, Tensor> tensors = new EnumMap<>(Role.class);
    for (Role role : problem.arguments().keySet()) {
      boolean added = problem.accumulate() && role.isResult(problem.direction());
      boolean given = !role.isResult(problem.direction()) && !call.kept().contains(role);
      DataType type = problem.operator().typeOf(role, problem.type());
      tensors.put(
          role,
          given || added
              ? TestInputs.tensor(on, call, role)
              : on.empty(problem.arguments().get(role), problem.layout(), type));
    }
    if (!call.kept().isEmpty()) {
      Map<Role, Tensor> forward = tensors(on, call.forward());
      compute(on, call.forward(), forward);
      call.kept().forEach(role -> tensors.put(role, forward.put(role, tensors.get(role))));
      close(forward);
    }
    return tensors;
  }

  private static void compute(Pooling on, Case call, Map<Role, Tensor> tensors) {
    on.compute(call.operator(), call.direction(), tensors, call.key(), call.accumulate());
  }

  private static void close(Map<Role, Tensor> tensors) {
    tensors.values().forEach(Tensor::close);
  }

  private static double[] numbers(Tensor tensor) {
    return tensor.type() == DataType.INT32
        ? Arrays.stream(tensor.toInts()).asDoubleStream().toArray()
        : tensor.toDoubles();
  }

  @ParameterizedTest
  @MethodSource("calls")
  void noCallWaits(Case call) throws InterruptedException {
    Map<Role, Tensor> first = tensors(pooling, call);
    Map<Role, Tensor> second = tensors(pooling, call);
    Map<Role, Tensor> expected = tensors(jvm, call);
    try (Barrier barrier = new Barrier()) {
      compute(pooling, call, first);
      compute(pooling, call, second);
      barrier.checkNobodyWaited();
      AtomicBoolean fired = new AtomicBoolean();
      Thread firing = new Thread(() -> fire(barrier, fired));
      firing.start();
      pooling.finish();
      assertTrue(fired.get(), "finish did not wait");
      firing.join();
    }
    compute(jvm, call, expected);
    for (Role role : call.problem().arguments().keySet()) {
      if (role.isResult(call.direction())) {
        assertArrayEquals(numbers(expected.get(role)), numbers(first.get(role)), role::words);
        assertArrayEquals(numbers(expected.get(role)), numbers(second.get(role)), role::words);
      }
    }
    List.of(first, second, expected).forEach(WaitingQueueTest::close);
  }

  /** Copies from tensor to tensor do not go by way of the host, which would wait. */
  @Test
  void copiesDoNotWait() throws InterruptedException {
    float[] numbers = {1, 2, 3, 4, 5, 6};
    try (Tensor x = pooling.tensor(Shape.of(3, 1, 2), numbers);
        Tensor y = pooling.like(x);
        Tensor end = x.batch(1, 2);
        Tensor start = y.batch(0, 2)) {
      doesNotWait(
          () -> {
            x.copyTo(y);
            end.copyTo(start);
          });
      assertArrayEquals(new float[] {3, 4, 5, 6, 5, 6}, y.toFloats());
    }
  }

  /** The host reads a graph once, for any call with it. */
  @ParameterizedTest
  @ValueSource(strings = {"crf_pool", "crf_pool edges=2", "crf_pool given compatibility"})
  void aGraphThatIsKnownDoesNotWait(String text) throws InterruptedException {
    Case call = Case.parse(text + " on 9x3 seed=8");
    Map<Role, Tensor> tensors = tensors(pooling, call);
    Map<Role, Tensor> expected = tensors(jvm, call);
    compute(pooling, call, tensors);
    tensors.put(Role.OUTPUT, pooling.like(tensors.get(Role.OUTPUT))).close();
    doesNotWait(() -> compute(pooling, call, tensors));
    compute(jvm, call, expected);
    assertArrayEquals(numbers(expected.get(Role.OUTPUT)), numbers(tensors.get(Role.OUTPUT)));
    List.of(tensors, expected).forEach(WaitingQueueTest::close);
  }

  private void doesNotWait(Runnable calls) throws InterruptedException {
    try (Barrier barrier = new Barrier()) {
      calls.run();
      barrier.checkNobodyWaited();
    }
  }

  /** What a fault quotes is read beside the queue. */
  @Test
  void aFaultIsToldWhileTheQueueWaitsForSomethingLater() throws InterruptedException {
    try (Tensor x = pooling.tensor(Shape.of(1, 1, 2), 1, 2);
        Tensor positions = pooling.indices(Shape.of(1, 1, 2), 3, 4);
        Completion unpooled =
            pooling.enqueue(
                () ->
                    pooling
                        .run(
                            Operators.parse("max_unpool output=4"),
                            Inputs.of(x).positions(positions))
                        .close());
        Barrier barrier = new Barrier()) {
      assertThrows(IndexOutOfBoundsException.class, unpooled::await);
      barrier.checkNobodyWaited();
    }
  }

  /** Lets who waits begin to wait. */
  private static void fire(Barrier barrier, AtomicBoolean fired) {
    try {
      Thread.sleep(20);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
    fired.set(true);
    barrier.open();
  }

  /**
   * In the queue, until it is opened. A call that waits for ever would keep a test from failing, so
   * it opens by itself after a while.
   */
  private final class Barrier implements AutoCloseable {
    private final cl_event event;
    private final CountDownLatch returned = new CountDownLatch(1);
    private final Thread rescue = new Thread(this::rescue);
    private volatile boolean waited;

    Barrier() {
      int[] code = new int[1];
      event = CL.clCreateUserEvent(context, code);
      assertEquals(CL.CL_SUCCESS, code[0]);
      CL.clEnqueueBarrierWithWaitList(queue, 1, new cl_event[] {event}, null);
      rescue.start();
    }

    private void rescue() {
      try {
        waited = !returned.await(5, TimeUnit.MINUTES);
        if (waited) {
          open();
        }
      } catch (InterruptedException interrupted) {
        throw new IllegalStateException(interrupted);
      }
    }

    /** All calls have returned. */
    void checkNobodyWaited() throws InterruptedException {
      returned.countDown();
      rescue.join();
      assertFalse(waited, "a call waited for the queue");
    }

    /** An error if it is open already. */
    void open() {
      Calls.code(() -> CL.clSetUserEventStatus(event, CL.CL_COMPLETE));
    }

    @Override
    public void close() {
      returned.countDown();
      open();
      CL.clReleaseEvent(event);
    }
  }
}
