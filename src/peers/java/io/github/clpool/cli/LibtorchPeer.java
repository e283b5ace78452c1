package io.github.clpool.cli;

import io.github.clpool.op.Avg;
import io.github.clpool.op.Lp;
import io.github.clpool.op.Max;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Reduction;
import io.github.clpool.op.Role;
import io.github.clpool.parity.Case;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LPPool2dOptions;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/**
 * PyTorch's C++ library: its operators into tensors that are there, channels last for NHWC; where
 * it has several for the same, the fastest. Lines are planes of one row, which is what it makes of
 * most of them itself.
 */
final class LibtorchPeer implements Peer {
  private static final int TRIES = 3;

  LibtorchPeer() {
    torch.set_num_threads(Runtime.getRuntime().availableProcessors());
  }

  @Override
  public String name() {
    return "libtorch";
  }

  @Override
  public String version() throws IOException {
    return Loader.getVersion("org.bytedeco", "pytorch");
  }

  @Override
  public Prepared prepare(Case subject, Map<Role, NativeArray> given) {
    if (!(subject.operator() instanceof Pool pool)) {
      throw new UnsupportedOperationException("leaves regions of interest to torchvision");
    }
    Call call = new Call(subject, given);
    call.action = call.fastest(call.ways(pool.reduction()));
    return call;
  }

  /** Tensors on memory of the JVM, and what is done with them. */
  private static final class Call implements Prepared {
    private final Case subject;
    private final NativeArray output; // kept as long as tensors lie on them
    private final NativeArray gradient;
    private final Tensor x;
    private final Tensor y;
    private final Tensor selected; // INT64
    private final ByteBuffer indices;
    private final Tensor gradInput;
    private final Tensor gradOutput;
    private final long[] kernel;
    private final long[] stride;
    private final long[] padding;
    private final long[] ones;
    private final LongOptional none = new LongOptional();
    private final long cells; // of a window
    private final boolean global;
    private final boolean isLine;
    private final Figures.Call kind;
    private Runnable action;

    Call(Case subject, Map<Role, NativeArray> given) {
      this.subject = subject;
      Shape in = subject.shape();
      Shape out = subject.operator().outputShape(in);
      PoolWindow window = PoolWindow.of(subject);
      boolean backward = given.containsKey(Role.GRAD_OUTPUT);
      output = NativeArray.room(subject.type(), out.elements());
      gradient = NativeArray.room(subject.type(), backward ? in.elements() : 0);
      indices = NativeArray.allocate(out.elements() * Long.BYTES);
      x = tensor(given.get(Role.INPUT).bytes(), in, floats());
      y = tensor(output.bytes(), out, floats());
      selected = tensor(indices, out, torch.ScalarType.Long);
      gradInput = backward ? tensor(gradient.bytes(), in, floats()) : null;
      gradOutput = backward ? tensor(given.get(Role.GRAD_OUTPUT).bytes(), out, floats()) : null;
      kernel = plane(window.kernel(), 1);
      stride = plane(window.stride(), 1);
      padding = plane(window.before(), 0);
      ones = LongStream.of(kernel).map(each -> 1).toArray();
      cells = window.cells();
      global = window.global();
      isLine = in.axes() == 1;
      kind = Figures.Call.of(subject);
    }

    private torch.ScalarType floats() {
      return switch (subject.type()) {
        case FLOAT16 -> torch.ScalarType.Half;
        case BFLOAT16 -> torch.ScalarType.BFloat16;
        default -> torch.ScalarType.Float;
      };
    }

    /** Numbers for two axes or three. */
    private static long[] plane(long[] numbers, long missing) {
      return numbers.length > 1 ? numbers : new long[] {missing, numbers[0]};
    }

    private Tensor tensor(ByteBuffer bytes, Shape shape, torch.ScalarType type) {
      long[] spatial = plane(Arrays.copyOfRange(shape.sizes(), 2, shape.axes() + 2), 1);
      long[] sizes =
          LongStream.concat(LongStream.of(shape.n(), shape.c()), LongStream.of(spatial)).toArray();
      long[] strides = new long[sizes.length];
      boolean last = subject.layout() == Layout.NHWC;
      long step = last ? shape.c() : 1;
      for (int axis = sizes.length - 1; axis > 1; axis--) {
        strides[axis] = step;
        step *= sizes[axis];
      }
      strides[1] = last ? 1 : step;
      strides[0] = last ? step : step * shape.c();
      return torch.from_blob(new Pointer(bytes), sizes, strides, new TensorOptions(type));
    }

    /** All of its ways to compute the call, of which the fastest is timed. */
    private List<Runnable> ways(Reduction reduction) {
      boolean cube = kernel.length == 3;
      if (reduction instanceof Max) {
        return maximum(cube);
      } else if (reduction instanceof Avg) {
        if (cube && subject.layout() == Layout.NHWC) {
          throw new UnsupportedOperationException("averages volumes in NCHW only");
        }
        return average(cube);
      } else if (reduction instanceof Lp lp && kind == Figures.Call.FORWARD && !cube) {
        if (LongStream.of(padding).anyMatch(each -> each > 0)) {
          throw new UnsupportedOperationException("pads no norms");
        }
        Runnable windows = () -> lp2d(lp.p());
        return global ? List.of(windows, () -> norm(lp.p())) : List.of(windows);
      }
      throw new UnsupportedOperationException("has no such pooling");
    }

    private List<Runnable> maximum(boolean cube) {
      List<Runnable> ways = new ArrayList<>();
      ways.add(cube ? this::max3d : this::max2d);
      if (kind == Figures.Call.GRADIENT) {
        ways.remove(0).run(); // finds the indices
        ways.add(cube ? this::maxGradient3d : this::maxGradient2d);
        if (global && !cube) {
          ways.add(this::adaptiveMaxGradient2d);
        }
        return ways;
      }
      if (global && !cube) {
        ways.add(this::adaptiveMax2d);
      }
      if (global && kind == Figures.Call.FORWARD) {
        ways.add(this::greatest);
      }
      if (isLine && kind == Figures.Call.FORWARD && subject.layout() == Layout.NCHW) {
        ways.add(this::max1d);
      }
      return ways;
    }

    private List<Runnable> average(boolean cube) {
      List<Runnable> ways = new ArrayList<>();
      if (kind == Figures.Call.GRADIENT) {
        ways.add(cube ? this::avgGradient3d : this::avgGradient2d);
        if (global) {
          ways.add(this::meanGradient);
        }
        return ways;
      }
      ways.add(cube ? this::avg3d : this::avg2d);
      if (global) {
        ways.add(this::mean);
      }
      return ways;
    }

    private Runnable fastest(List<Runnable> ways) {
      Runnable fastest = null;
      double least = Double.POSITIVE_INFINITY;
      for (Runnable way : ways) {
        action = way;
        for (int i = 0; ways.size() > 1 && i < TRIES; i++) {
          double seconds = Timing.once(this);
          if (seconds < least) {
            least = seconds;
            fastest = way;
          }
        }
      }
      return ways.size() == 1 ? ways.get(0) : fastest;
    }

    private long[] spatialAxes() {
      return LongStream.range(2, 2 + kernel.length).toArray();
    }

    private void max2d() {
      torch.max_pool2d_with_indices_out(y, selected, x, kernel, stride, padding, ones, false);
    }

    private void maxGradient2d() {
      torch.max_pool2d_with_indices_backward_out(
          gradInput, gradOutput, x, kernel, stride, padding, ones, false, selected);
    }

    private void avg2d() {
      torch.avg_pool2d_out(y, x, kernel, stride, padding, false, true, none);
    }

    private void avgGradient2d() {
      torch.avg_pool2d_backward_out(
          gradInput, gradOutput, x, kernel, stride, padding, false, true, none);
    }

    private void max3d() {
      torch.max_pool3d_with_indices_out(y, selected, x, kernel, stride, padding, ones, false);
    }

    private void maxGradient3d() {
      torch.max_pool3d_with_indices_backward_out(
          gradInput, gradOutput, x, kernel, stride, padding, ones, false, selected);
    }

    private void avg3d() {
      torch.avg_pool3d_out(y, x, kernel, stride, padding, false, true, none);
    }

    private void avgGradient3d() {
      torch.avg_pool3d_backward_out(
          gradInput, gradOutput, x, kernel, stride, padding, false, true, none);
    }

    private void mean() {
      torch.mean_out(y, x, spatialAxes(), true, new ScalarTypeOptional());
    }

    /** Each cell gets the same. */
    private void meanGradient() {
      gradInput.copy_(gradOutput.div(new Scalar(cells)).expand(x.shape()));
    }

    private void greatest() {
      torch.amax_out(y, x, spatialAxes(), true);
    }

    private void adaptiveMax2d() {
      torch.adaptive_max_pool2d_out(y, selected, x, 1, 1);
    }

    private void adaptiveMaxGradient2d() {
      torch.adaptive_max_pool2d_backward_out(gradInput, gradOutput, x, selected);
    }

    /** It has none into a tensor that is there. */
    private void max1d() {
      Tensor line = x.squeeze(2);
      Tensor maxima =
          torch.max_pool1d(
              line,
              new long[] {kernel[1]},
              new long[] {stride[1]},
              new long[] {padding[1]},
              new long[] {1},
              false);
      y.set_data(maxima.unsqueeze(2));
    }

    private void norm(double p) {
      torch.linalg_vector_norm_out(
          y, x, new Scalar(p), spatialAxes(), true, new ScalarTypeOptional());
    }

    /** It has none into a tensor that is there. */
    private void lp2d(double p) {
      LPPool2dOptions options = new LPPool2dOptions(p, new LongPointer(kernel));
      options.stride().put(stride);
      y.set_data(torch.lp_pool2d(x, options));
    }

    @Override
    public void run() {
      PointerScope made = new PointerScope(); // what the action makes is freed at once
      try {
        action.run();
      } finally {
        made.close();
      }
    }

    @Override
    public float[] values() {
      boolean backward = gradInput != null;
      Shape shape = backward ? subject.shape() : subject.operator().outputShape(subject.shape());
      NativeArray array = NativeArray.room(subject.type(), shape.elements());
      try (Tensor copy = tensor(array.bytes(), shape, floats())) {
        copy.copy_(backward ? gradInput : y);
      }
      return array.floats();
    }

    @Override
    public int[] indices() {
      int[] ints = new int[indices.limit() / Long.BYTES];
      Arrays.setAll(ints, i -> (int) indices.getLong(i * Long.BYTES));
      return ints;
    }

    @Override
    public void close() {
      for (Tensor each : new Tensor[] {x, y, selected, gradInput, gradOutput}) {
        if (each != null) {
          each.close();
        }
      }
    }
  }
}
