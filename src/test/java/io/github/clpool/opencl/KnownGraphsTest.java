package io.github.clpool.opencl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Pooling;
import io.github.clpool.op.CrfPool;
import io.github.clpool.op.Inputs;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.nio.IntBuffer;
import java.util.List;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_mem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the host has read of a graph is read again when it changes, whoever changes it. */
class KnownGraphsTest {
  private static final int[] LINE = {1, 0, 2, 1, 3, 2}; // 0 - 1 - 2 - 3
  private static final int[] BAD = {1, 0, 2, 1, 9, 2}; // there is no node 9
  private static final int[] CROSSED = {2, 2, 3, 0, 1, 1}; // 0 - 2 - 1 - 3

  private final CrfPool operator = CrfPool.edges(1).steps(2);
  private Pooling device;
  private Pooling jvm;
  private Tensor graphs;
  private Tensor rows;
  private Tensor columns;

  @BeforeEach
  void open() {
    device = Pooling.over(TestDevice.get().open());
    jvm = Pooling.open(DevicePolicy.JVM_ONLY);
    graphs = graphs(device);
    rows = rows(device);
    columns = device.indices(Shape.array(LINE.length), LINE);
    check(LINE);
    check(LINE);
  }

  @AfterEach
  void close() {
    if (device != null) { // else there is no device, or no test
      List.of(graphs, rows, columns).forEach(Tensor::close);
      jvm.close();
      device.close();
    }
  }

  private static Tensor graphs(Pooling on) {
    return on.indices(Shape.array(2), 0, 4);
  }

  private static Tensor rows(Pooling on) {
    return on.indices(Shape.array(5), 0, 1, 3, 5, 6);
  }

  private float[] pooled(Pooling on, Tensor graphs, Tensor rows, Tensor columns) {
    try (Tensor x = on.tensor(Shape.array(4, 2), 1, 2, 3, 4, 5, 6, 7, 8);
        Tensor logits = on.tensor(Shape.array(4, 2), .1f, .9f, .4f, .3f, -1, .2f, .6f, .5f);
        Tensor weights = on.tensor(Shape.array(6), 1, 1, 1, 1, 1, 1);
        Tensor y =
            on.run(operator, Inputs.of(x).logits(logits).graphs(graphs, rows, columns, weights))) {
      return y.toFloats();
    }
  }

  private float[] pooledOnDevice() {
    return pooled(device, graphs, rows, columns);
  }

  /** The device computes with what its tensor holds now. */
  private void check(int... expected) {
    try (Tensor itsGraphs = graphs(jvm);
        Tensor itsRows = rows(jvm);
        Tensor itsColumns = jvm.indices(Shape.array(expected.length), expected)) {
      assertArrayEquals(pooled(jvm, itsGraphs, itsRows, itsColumns), pooledOnDevice());
    }
  }

  @Test
  void writtenByTheHost() {
    columns.write(IntBuffer.wrap(CROSSED));
    check(CROSSED);
    columns.write(IntBuffer.wrap(LINE));
    check(LINE);
  }

  @Test
  void copiedFromAnotherTensor() {
    try (Tensor crossed = device.indices(Shape.array(CROSSED.length), CROSSED)) {
      crossed.copyTo(columns);
      check(CROSSED);
    }
  }

  @Test
  void badNow() {
    columns.write(IntBuffer.wrap(BAD));
    assertThrows(IllegalArgumentException.class, this::pooledOnDevice);
    columns.write(IntBuffer.wrap(LINE));
    check(LINE);
  }

  @Test
  void writtenByTheCallersOwnCommands() {
    cl_mem memory = OpenClInterop.memory(columns);
    check(LINE);
    CL.clEnqueueWriteBuffer(
        OpenClInterop.queue(columns),
        memory,
        true,
        0,
        (long) Sizeof.cl_int * CROSSED.length,
        Pointer.to(CROSSED),
        0,
        null,
        null);
    check(CROSSED);
  }
}
