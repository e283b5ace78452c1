package io.github.clpool.cli;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WORKSPACE;

import io.github.clpool.op.Avg;
import io.github.clpool.op.Max;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Role;
import io.github.clpool.parity.Case;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.dnnl_version_t;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.pooling_backward;
import org.bytedeco.dnnl.pooling_forward;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.Pointer;

/** oneDNN, in the case's layout or in its own, where channels lie side by side by the vector. */
final class OneDnnPeer implements Peer {
  private final boolean blocked;
  private final engine cpu = new engine(engine.kind.cpu, 0);
  private final stream queue = new stream(cpu);

  OneDnnPeer(boolean blocked) {
    this.blocked = blocked;
  }

  @Override
  public String name() {
    return blocked ? "oneDNN, blocked" : "oneDNN";
  }

  @Override
  public String version() {
    dnnl_version_t version = dnnl.dnnl_version();
    String number = version.major() + "." + version.minor() + "." + version.patch();
    return number + (blocked ? ", blocks of " + vector() + " channels, reorders not timed" : "");
  }

  /** How many channels of a block its own kernels take, as its convolutions would give them. */
  private static int vector() {
    return dnnl.dnnl_get_effective_cpu_isa() >= dnnl.dnnl_cpu_isa_avx512_core ? 16 : 8;
  }

  @Override
  public Prepared prepare(Case subject, Map<Role, NativeArray> given) {
    if (!(subject.operator() instanceof Pool pool)
        || !(pool.reduction() instanceof Max || pool.reduction() instanceof Avg)) {
      throw new UnsupportedOperationException("pools maxima and averages over windows only");
    } else if (blocked && subject.layout() == Layout.NHWC) {
      throw new UnsupportedOperationException("its layout is neither, and stands beside NCHW");
    }
    Call call = new Call(subject, pool);
    try {
      call.open(given);
      return call;
    } catch (RuntimeException failed) {
      call.close();
      throw failed;
    }
  }

  /** A primitive with its memory. */
  private final class Call implements Prepared {
    private final Case subject;
    private final PoolWindow window;
    private final dnnl.algorithm algorithm;
    private final List<Pointer> opened = new ArrayList<>();
    private final IntMemoryMap arguments = keep(new IntMemoryMap());
    private primitive timed;
    private memory values;
    private memory workspace;

    Call(Case subject, Pool pool) {
      this.subject = subject;
      this.window = PoolWindow.of(subject);
      this.algorithm =
          pool.reduction() instanceof Max
              ? dnnl.algorithm.pooling_max
              : dnnl.algorithm.pooling_avg_include_padding;
    }

    private <P extends Pointer> P keep(P pointer) {
      opened.add(pointer);
      return pointer;
    }

    void open(Map<Role, NativeArray> given) {
      Figures.Call kind = Figures.Call.of(subject);
      Shape input = subject.shape();
      Shape output = subject.operator().outputShape(input);
      boolean training =
          kind != Figures.Call.FORWARD && algorithm.value == dnnl.algorithm.pooling_max.value;
      pooling_forward.primitive_desc forward =
          keep(
              new pooling_forward.primitive_desc(
                  cpu,
                  training ? dnnl.prop_kind.forward_training : dnnl.prop_kind.forward_inference,
                  algorithm,
                  desc(input, blocked),
                  desc(output, blocked),
                  window.stride(),
                  window.kernel(),
                  new long[input.axes()],
                  window.before(),
                  window.after()));
      timed = keep(new pooling_forward(forward));
      memory source = own(given.get(Role.INPUT), input);
      values = room(output);
      arguments.put(DNNL_ARG_SRC, source).put(DNNL_ARG_DST, values);
      if (training) {
        workspace = keep(new memory(forward.workspace_desc(), cpu));
        arguments.put(DNNL_ARG_WORKSPACE, workspace);
      }
      if (kind == Figures.Call.GRADIENT) {
        run(); // fills the workspace
        pooling_backward.primitive_desc backward =
            keep(
                new pooling_backward.primitive_desc(
                    cpu,
                    algorithm,
                    desc(input, blocked),
                    desc(output, blocked),
                    window.stride(),
                    window.kernel(),
                    new long[input.axes()],
                    window.before(),
                    window.after(),
                    forward));
        timed = keep(new pooling_backward(backward));
        memory gradient = own(given.get(Role.GRAD_OUTPUT), output);
        values = room(input);
        arguments.put(DNNL_ARG_DIFF_DST, gradient).put(DNNL_ARG_DIFF_SRC, values);
      }
    }

    private memory.desc desc(Shape shape, boolean inBlocks) {
      return desc(shape, type(), inBlocks);
    }

    private memory.desc desc(Shape shape, memory.data_type type, boolean inBlocks) {
      int axes = shape.axes();
      memory.format_tag plain =
          subject.layout() == Layout.NCHW
              ? List.of(memory.format_tag.abc, memory.format_tag.abcd, memory.format_tag.abcde)
                  .get(axes - 1)
              : List.of(memory.format_tag.acb, memory.format_tag.acdb, memory.format_tag.acdeb)
                  .get(axes - 1);
      List<memory.format_tag> own =
          vector() == 16
              ? List.of(
                  memory.format_tag.aBc16b, memory.format_tag.aBcd16b, memory.format_tag.aBcde16b)
              : List.of(
                  memory.format_tag.aBc8b, memory.format_tag.aBcd8b, memory.format_tag.aBcde8b);
      return keep(new memory.desc(shape.sizes(), type, inBlocks ? own.get(axes - 1) : plain));
    }

    private memory.data_type type() {
      return switch (subject.type()) {
        case FLOAT16 -> memory.data_type.f16;
        case BFLOAT16 -> memory.data_type.bf16;
        default -> memory.data_type.f32;
      };
    }

    /** Elements in the layout that is timed. */
    private memory own(NativeArray given, Shape shape) {
      memory plain = plain(given.bytes(), desc(shape, false));
      return blocked ? reordered(plain, keep(new memory(desc(shape, true), cpu))) : plain;
    }

    private memory plain(ByteBuffer bytes, memory.desc desc) {
      return keep(new memory(desc, cpu, new Pointer(bytes)));
    }

    private memory room(Shape shape) {
      return keep(new memory(desc(shape, blocked), cpu));
    }

    private memory reordered(memory from, memory to) {
      try (reorder copy = new reorder(from, to)) {
        copy.execute(queue, from, to);
        queue._wait();
      }
      return to;
    }

    @Override
    public void run() {
      timed.execute(queue, arguments);
      queue._wait();
    }

    @Override
    public float[] values() {
      boolean forward = Figures.Call.of(subject) != Figures.Call.GRADIENT;
      Shape input = subject.shape();
      Shape shape = forward ? subject.operator().outputShape(input) : input;
      NativeArray array = NativeArray.room(subject.type(), shape.elements());
      reordered(values, plain(array.bytes(), desc(shape, false)));
      return array.floats();
    }

    /** The workspace holds a tap's number for each output. */
    @Override
    public int[] indices() {
      Shape output = subject.operator().outputShape(subject.shape());
      NativeArray taps = NativeArray.room(DataType.INT32, output.elements());
      memory.desc asInts = desc(output, memory.data_type.s32, false);
      reordered(workspace, plain(taps.bytes(), asInts));
      int[] indices = new int[(int) output.elements()];
      taps.bytes().asIntBuffer().get(indices);
      boolean last = subject.layout() == Layout.NHWC;
      long plane = output.elements() / output.n() / output.c();
      for (int i = 0; i < indices.length; i++) {
        long place = last ? i / output.c() % plane : i % plane;
        indices[i] = cell(place, indices[i]);
      }
      return indices;
    }

    private int cell(long place, int tap) {
      Shape output = subject.operator().outputShape(subject.shape());
      long rest = place;
      long left = tap;
      long cell = 0;
      long unit = 1;
      for (int axis = output.axes() - 1; axis >= 0; axis--) {
        long at = rest % output.spatial(axis) * window.stride()[axis] - window.before()[axis];
        cell += (at + left % window.kernel()[axis]) * unit;
        rest /= output.spatial(axis);
        left /= window.kernel()[axis];
        unit *= subject.shape().spatial(axis);
      }
      return (int) cell;
    }

    @Override
    public void close() {
      for (int i = opened.size() - 1; i >= 0; i--) {
        opened.get(i).close();
      }
    }
  }
}
