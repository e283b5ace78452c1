package io.github.clpool.opencl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.clpool.Pass;
import io.github.clpool.Pooling;
import io.github.clpool.PreparedPooling;
import io.github.clpool.TestDevices;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Inputs;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Operators;
import io.github.clpool.op.Role;
import io.github.clpool.opencl.runtime.OpenClBackend;
import io.github.clpool.tensor.Completion;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Handles;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.slf4j.LoggerFactory;

/** What kernels find wrong is told to whoever awaits a result, or something made of one. */
class LateFaultsTest {
  private static final Shape SMALL = Shape.of(1, 1, 2, 2);
  private static final Shape LARGE = Shape.of(1, 1, 4, 4);
  private static final Operator UNPOOL = Operators.parse("max_unpool output=4x4");
  private static final Operator AVG = Operators.parse("avg window=2");
  private static final int[] GOOD = {0, 2, 8, 15};
  private static final int[] BAD = {0, 2, 16, 15};
  private static final float[] UNPOOLED = {1, 0, 2, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 4};
  private static final String FAULT =
      "positions[n=0 c=0 d=0 h=1 w=0] is 16, but must be -1 or from 0 to 15, a cell of output"
          + " 1x1x4x4";

  private OpenClBackend backend;
  private Pooling pooling;
  private Tensor values;
  private Tensor positions;
  private long live;

  @BeforeEach
  void open() {
    live = Handles.live();
    backend = TestDevice.open();
    pooling = Pooling.over(backend);
    values = pooling.tensor(SMALL, 1, 2, 3, 4);
    positions = pooling.indices(SMALL, BAD);
  }

  @AfterEach
  void close() {
    if (pooling == null) {
      return; // skipped
    }
    values.close();
    positions.close();
    pooling.close();
    assertEquals(live, Handles.live());
    assertEquals(0, backend.memory().usedBytes());
  }

  private Tensor unpool() {
    return pooling.run(UNPOOL, Inputs.of(values).positions(positions));
  }

  private void unpoolInto(Tensor into) {
    pooling.run(UNPOOL, Inputs.of(values).positions(positions), into);
  }

  private void write(int... where) {
    positions.write(IntBuffer.wrap(where));
  }

  private Tensor empty(Shape shape) {
    return pooling.empty(shape, Layout.NCHW, DataType.FLOAT32);
  }

  private static void assertFault(Executable awaits) {
    assertEquals(FAULT, assertThrows(IndexOutOfBoundsException.class, awaits).getMessage());
  }

  @Test
  void whoReadsTheResultIsTold() {
    try (Tensor y = unpool()) {
      positions.close(); // its memory stays, to be quoted
      assertFault(y::toFloats);
      assertFault(() -> y.read(2, FloatBuffer.allocate(1)));
    }
    pooling.finish(); // it was told
    positions = pooling.indices(SMALL, GOOD);
    try (Tensor y = unpool()) {
      assertArrayEquals(UNPOOLED, y.toFloats());
    }
  }

  @Test
  void whoReadsWhatWasMadeOfItIsTold() {
    try (Tensor y = unpool();
        Tensor once = pooling.run(AVG, y);
        Tensor twice = pooling.run(AVG, once);
        Tensor other = pooling.run(AVG, values);
        Pass pass = pooling.forward(AVG, values);
        Tensor gradient = pass.backward(twice)) {
      assertArrayEquals(new float[] {2.5f}, other.toFloats());
      assertFault(twice::toFloats);
      assertFault(gradient::toFloats); // of an innocent pass by a bad gradient
      assertArrayEquals(new float[] {2.5f}, pass.output().toFloats());
      assertFault(once::toFloats);
      assertFault(y::toFloats);
    }
  }

  @Test
  void aPartAndTheWholeShareWhatIsWrong() {
    try (Tensor y = empty(LARGE.withBatch(2));
        Tensor first = y.batch(0, 1);
        Tensor copy = empty(LARGE)) {
      unpoolInto(first);
      first.copyTo(copy);
      assertFault(copy::toFloats);
      assertFault(first::toFloats);
      assertFault(y::toFloats);
      write(GOOD);
      unpoolInto(first);
      assertArrayEquals(UNPOOLED, first.toFloats());
      assertEquals(32, y.toFloats().length);
      write(BAD);
      unpoolInto(first);
      y.write(FloatBuffer.allocate(32));
      assertArrayEquals(new float[16], first.toFloats());
    }
  }

  @Test
  void whoAwaitsIsTold() {
    try (Tensor y = empty(LARGE);
        Tensor other = empty(Shape.of(1, 1, 1, 1));
        Completion bad = pooling.enqueue(() -> unpoolInto(y));
        Completion made = pooling.enqueue(() -> pooling.run(AVG, y).close());
        Completion unrelated = pooling.enqueue(() -> pooling.run(AVG, values, other));
        Completion ready = y.ready();
        Completion otherReady = other.ready()) {
      unrelated.await();
      otherReady.await();
      assertFault(made::await);
      assertFault(ready::await);
      assertFault(bad::await);
      assertTrue(bad.isDone());
      CompletableFuture<Void> future = bad.toCompletableFuture();
      assertFault(
          () -> {
            try {
              future.join();
            } catch (CompletionException failed) {
              throw failed.getCause();
            }
          });
      unrelated.toCompletableFuture().join();
    }
  }

  @Test
  void innerCompletionsAreOfTheOuterOneToo() {
    Completion[] inner = new Completion[1];
    try (Tensor y = empty(LARGE);
        Completion outer = pooling.enqueue(() -> inner[0] = pooling.enqueue(() -> unpoolInto(y)))) {
      assertFault(outer::await);
      assertFault(inner[0]::await);
      inner[0].close();
    }
  }

  @Test
  void finishTellsWhatNobodyWasToldOnce() {
    unpool().close();
    unpool().close();
    assertFault(pooling::finish);
    pooling.finish();
  }

  /** What is overwritten is innocent; what is added to is not. */
  @Test
  void newElementsAreNew() {
    try (Tensor y = empty(LARGE);
        Tensor sum = pooling.tensor(LARGE, new float[16])) {
      unpoolInto(y);
      write(GOOD);
      assertFault(y::toFloats);
      unpoolInto(y);
      assertArrayEquals(UNPOOLED, y.toFloats());
      write(BAD);
      unpoolInto(y);
      Map<Role, Tensor> back = Map.of(Role.GRAD_OUTPUT, values, Role.GRAD_INPUT, y);
      pooling.compute(AVG, Direction.BACKWARD, back, false);
      assertEquals(0.25f, y.toFloats()[0]);
      unpoolInto(sum);
      pooling.compute(
          AVG, Direction.BACKWARD, Map.of(Role.GRAD_OUTPUT, values, Role.GRAD_INPUT, sum), true);
      assertFault(sum::toFloats);
      sum.write(0, FloatBuffer.allocate(15)); // not all of them
      assertFault(sum::toFloats);
      sum.write(FloatBuffer.allocate(16));
      assertArrayEquals(new float[16], sum.toFloats());
    }
  }

  private Tensor wrapped(Tensor room, View view, Shape shape) {
    return OpenClInterop.wrap(
        backend, OpenClInterop.memory(room), view, shape, Layout.NCHW, DataType.FLOAT32);
  }

  /**
   * Whoever reads what was written, by whatever tensor, is told, as long as it was not replaced.
   */
  @Test
  void tensorsInOneForeignBufferShareWhatIsWrong() {
    View all = new View(0, 16, 16);
    Shape rows = Shape.of(1, 1, 2, 4);
    try (Tensor room = empty(LARGE)) {
      Tensor first = wrapped(room, all, LARGE);
      try (Tensor second = wrapped(room, all, LARGE);
          Tensor part = wrapped(room, new View(8, 8, 8), rows);
          Tensor beside = wrapped(room, new View(0, 4, 4), SMALL)) {
        unpoolInto(first);
        assertFault(second::toFloats);
        assertFault(part::toFloats);
        try (Tensor made = pooling.run(AVG, second)) {
          assertFault(made::toFloats);
        }
        write(GOOD);
        unpoolInto(second);
        assertArrayEquals(UNPOOLED, first.toFloats());
        assertArrayEquals(new float[] {3, 0, 0, 0, 0, 0, 0, 4}, part.toFloats());
        write(BAD);
        unpoolInto(first);
        part.write(FloatBuffer.allocate(8));
        assertArrayEquals(new float[8], part.toFloats());
        assertFault(beside::toFloats);
        assertFault(second::toFloats); // the rest of it is as bad as it was
        first.close();
        try (Tensor third = wrapped(room, all, LARGE)) {
          assertFault(third::toFloats);
        }
      }
      try (Tensor fourth = wrapped(room, all, LARGE)) { // whose buffer may be another's by now
        fourth.toFloats();
      }
    }
  }

  /** Positions that another call has replaced cannot be quoted any more. */
  @Test
  void whatTheDeviceReplacedIsNotQuoted() {
    PreparedPooling max =
        pooling
            .prepare(Operators.parse("max window=2"), LARGE, Layout.NCHW, DataType.FLOAT32)
            .withIndices();
    try (Tensor x = pooling.tensor(LARGE, UNPOOLED);
        Tensor pooled = max.empty(Role.OUTPUT);
        Tensor y = unpool()) {
      max.run(x, pooled, positions);
      String message = assertThrows(IndexOutOfBoundsException.class, y::toFloats).getMessage();
      // a device may be as fast as to have been asked before
      String changed = "a position of n=0 c=0 was refused, and has changed since";
      assertTrue(message.equals(changed) || message.equals(FAULT), message);
      assertArrayEquals(new float[] {1, 2, 3, 4}, pooled.toFloats());
    }
  }

  @Test
  void callsThatNobodyAwaitsHoldNoMemory() {
    Assumptions.assumeFalse(TestDevice.get().isSimulator(), "a simulator takes minutes");
    boolean isQuick = TestDevices.openCl().equals("pocl");
    write(GOOD);
    unread(300);
    long made = backend.memory().created();
    unread(isQuick ? 10_000 : 1_000);
    assertTrue(backend.memory().created() - made < 300, "buffers are made for each call");
    long used = backend.memory().usedBytes();
    assertTrue(used < 100_000, () -> used + " bytes are in use");
    write(BAD);
    unread(300);
    assertFault(pooling::finish);
    pooling.finish();
    assertTrue(backend.memory().usedBytes() < 100_000);
  }

  /** Each by positions of its own, which are closed. */
  private void unread(int calls) {
    int[] where = positions.toInts();
    for (int i = 0; i < calls; i++) {
      if (i % 10 == 0) {
        positions.close();
        positions = pooling.indices(SMALL, where);
      }
      unpool().close();
    }
  }

  @Test
  void closingLogsWhatNobodyWasTold() {
    Logger logger = (Logger) LoggerFactory.getLogger("io.github.clpool.opencl.runtime.FaultChecks");
    ListAppender<ILoggingEvent> appender = new ListAppender<>();
    appender.start();
    logger.addAppender(appender);
    logger.setAdditive(false); // it is no news
    try (Tensor y = unpool()) {
      values.close();
      positions.close();
      pooling.close();
      assertEquals(1, appender.list.size());
      assertTrue(appender.list.get(0).getFormattedMessage().contains(FAULT));
      assertFault(y::toFloats);
    } finally {
      logger.setAdditive(true);
      logger.detachAppender(appender);
    }
  }
}
