package io.github.clpool.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Pooling;
import io.github.clpool.PreparedPooling;
import io.github.clpool.backend.CallMemory;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Regions;
import io.github.clpool.op.Role;
import io.github.clpool.opencl.runtime.Memory;
import io.github.clpool.opencl.runtime.OpenClBackend;
import io.github.clpool.parity.Case;
import io.github.clpool.parity.TestInputs;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a call needs is known before, and what is kept after it can be given back. */
class CallMemoryTest {
  private static final List<String> CALLS =
      List.of(
          "max window=3 stride=2 padding=1 on 2x3x9x11 indices",
          "avg adaptive=4 on 2x3x9x11 backward",
          "lp p=2 window=3 stride=2 on 2x3x9x11 backward",
          "median window=9 on 1x2x40x40",
          "avg fractional=2 outputSize=3 on 2x3x9x11 seed=1",
          "max_unpool window=2 on 2x3x4x8",
          "roi_align output=2 on 2x3x16x16",
          "roi_pool output=2 on 2x3x16x16 backward");

  @Test
  void isWhatARunTakes() {
    for (String text : CALLS) {
      OpenClBackend backend = TestDevice.open();
      try (Pooling pooling = Pooling.over(backend)) {
        Case call = Case.parse(text);
        Map<Role, Tensor> tensors = tensors(pooling, call);
        CallMemory expected = pooling.memory(call.problem());
        Memory memory = backend.memory();
        memory.dropKept();
        long before = memory.usedBytes();
        pooling.compute(call.operator(), call.direction(), tensors, call.key(), false);
        assertEquals(
            before + expected.temporaries(), memory.usedBytes() + memory.keptBytes(), text);
        pooling.finish();
        tensors.values().forEach(Tensor::close);
        assertTrue(memory.keptBytes() > 0);
        pooling.trim();
        assertEquals(0, memory.keptBytes());
      }
    }
  }

  private static Map<Role, Tensor> tensors(Pooling pooling, Case call) {
    Problem problem = call.problem();
    Map<Role, Tensor> tensors = new EnumMap<>(Role.class);
    problem
        .arguments()
        .forEach(
            (role, shape) ->
                tensors.put(
                    role,
                    role.isResult(problem.direction()) || call.kept().contains(role)
                        ? pooling.empty(
                            shape,
                            problem.layout(),
                            problem.operator().typeOf(role, problem.type()))
                        : TestInputs.tensor(pooling, call, role)));
    return tensors;
  }

  /** Bytes that no long counts are the greatest that one does. */
  @Test
  void sumsEndAtTheGreatestNumber() {
    Shape huge = Shape.of(1L << 30, 1L << 30, 2);
    Problem problem =
        new Problem(
            Pool.avg().over(Regions.window(1)),
            Direction.FORWARD,
            huge,
            Layout.NCHW,
            DataType.FLOAT64,
            Map.of(Role.INPUT, huge, Role.OUTPUT, huge),
            false);
    CallMemory memory = CallMemory.of(problem, 1);
    assertEquals(new CallMemory(Long.MAX_VALUE, Long.MAX_VALUE, 1), memory);
    assertEquals(Long.MAX_VALUE, memory.total());
    assertEquals(memory.inputs(), memory.plus(memory).inputs());
  }

  @Test
  void addsTensorsUp() {
    Problem problem = Case.parse("max window=2 on 1x2x4x6 FLOAT16 indices").problem();
    try (Pooling jvm = Pooling.open(DevicePolicy.JVM_ONLY)) {
      PreparedPooling prepared = jvm.prepare(problem);
      CallMemory memory = prepared.memory();
      assertEquals(new CallMemory(96, 24 + 48, 0), memory);
      assertEquals(168, memory.total());
      assertEquals(
          "168 bytes: inputs 96, results 72, temporaries 0", jvm.memory(problem).toString());
      jvm.trim();
    }
  }
}
