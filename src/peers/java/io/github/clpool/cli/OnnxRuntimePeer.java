package io.github.clpool.cli;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.clpool.OnnxModel;
import io.github.clpool.op.Avg;
import io.github.clpool.op.Lp;
import io.github.clpool.op.Max;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Reduction;
import io.github.clpool.op.Roi;
import io.github.clpool.op.RoiAlign;
import io.github.clpool.op.Role;
import io.github.clpool.parity.Case;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.LongStream;

/** ONNX Runtime: models of one operator, run into tensors that are there. */
final class OnnxRuntimePeer implements Peer {
  private static final int OPSET = 16;

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();

  @Override
  public String name() {
    return "ONNX Runtime";
  }

  @Override
  public String version() {
    return environment.getVersion();
  }

  @Override
  public Prepared prepare(Case subject, Map<Role, NativeArray> given) throws OrtException {
    if (Figures.Call.of(subject) == Figures.Call.GRADIENT) {
      throw new UnsupportedOperationException("infers: its packages have no gradients");
    } else if (subject.layout() == Layout.NHWC) {
      throw new UnsupportedOperationException("takes NCHW only");
    }
    return new Call(subject, given);
  }

  private static OnnxModel model(Case subject) {
    Operator operator = subject.operator();
    if (operator instanceof RoiAlign align) {
      return OnnxModel.of(align, type(subject.type()));
    }
    boolean indices = Figures.Call.of(subject) == Figures.Call.INDICES;
    PoolWindow window = PoolWindow.of(subject);
    Reduction reduction = ((Pool) operator).reduction();
    boolean global = window.global() && !indices;
    String name =
        reduction instanceof Max ? "MaxPool" : reduction instanceof Lp ? "LpPool" : "AveragePool";
    int rank = subject.shape().axes() + 2;
    OnnxModel model =
        new OnnxModel(global ? "Global" + name : name, OPSET)
            .input("x", type(subject.type()), rank)
            .output("y", type(subject.type()), rank);
    if (indices) {
      model.output("indices", OnnxModel.Type.INT64, rank);
    }
    if (reduction instanceof Lp lp) {
      model.attribute("p", Math.round(lp.p()));
    }
    if (!global) {
      model
          .attribute("kernel_shape", window.kernel())
          .attribute("strides", window.stride())
          .attribute(
              "pads",
              LongStream.concat(LongStream.of(window.before()), LongStream.of(window.after()))
                  .toArray());
      if (reduction instanceof Avg) {
        model.attribute("count_include_pad", 1L);
      }
    }
    return model;
  }

  private static OnnxModel.Type type(DataType type) {
    return switch (type) {
      case FLOAT16 -> OnnxModel.Type.FLOAT16;
      case BFLOAT16 -> OnnxModel.Type.BFLOAT16;
      default -> OnnxModel.Type.FLOAT;
    };
  }

  /** A session with all its tensors. */
  private final class Call implements Prepared {
    private final Case subject;
    private final NativeArray values;
    private final ByteBuffer indices;
    private final OrtSession session;
    private final Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    private final Map<String, OnnxTensor> outputs = new LinkedHashMap<>();

    Call(Case subject, Map<Role, NativeArray> given) throws OrtException {
      this.subject = subject;
      Shape out = subject.problem().output();
      values = NativeArray.room(subject.type(), out.elements());
      indices = NativeArray.allocate(out.elements() * Long.BYTES);
      session = environment.createSession(model(subject).bytes(), options());
      try {
        inputs.put("x", tensor(given.get(Role.INPUT), subject.shape().sizes()));
        outputs.put("y", tensor(values, out.sizes()));
        if (subject.indices()) {
          outputs.put(
              "indices", OnnxTensor.createTensor(environment, indices.asLongBuffer(), out.sizes()));
        }
        if (given.containsKey(Role.ROIS)) {
          addBoxes(given.get(Role.ROIS).floats());
        }
      } catch (OrtException failed) {
        close();
        throw failed;
      }
    }

    private static OrtSession.SessionOptions options() throws OrtException {
      OrtSession.SessionOptions options = new OrtSession.SessionOptions();
      options.setIntraOpNumThreads(Runtime.getRuntime().availableProcessors());
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      return options;
    }

    private OnnxTensor tensor(NativeArray array, long... sizes) throws OrtException {
      OnnxJavaType type =
          switch (array.type()) {
            case FLOAT16 -> OnnxJavaType.FLOAT16;
            case BFLOAT16 -> OnnxJavaType.BFLOAT16;
            default -> OnnxJavaType.FLOAT;
          };
      return OnnxTensor.createTensor(environment, array.bytes(), sizes, type);
    }

    /** Which image a box lies on is a tensor of its own here. */
    private void addBoxes(float... rows) throws OrtException {
      int count = rows.length / Roi.NUMBERS;
      NativeArray corners = NativeArray.room(DataType.FLOAT32, count * 4L);
      ByteBuffer images = NativeArray.allocate((long) count * Long.BYTES);
      for (int k = 0; k < count; k++) {
        images.putLong(k * Long.BYTES, (long) rows[k * Roi.NUMBERS]);
        ((FloatBuffer) corners.elements()).put(k * 4, rows, k * Roi.NUMBERS + 1, 4);
      }
      inputs.put("rois", tensor(corners, count, 4));
      inputs.put(
          "batch_indices",
          OnnxTensor.createTensor(environment, images.asLongBuffer(), new long[] {count}));
    }

    @Override
    public void run() {
      try {
        session.run(inputs, outputs).close();
      } catch (OrtException failed) {
        throw new IllegalStateException(failed.getMessage(), failed);
      }
    }

    @Override
    public float[] values() {
      return values.floats();
    }

    /** Its indices count in the whole tensor. */
    @Override
    public int[] indices() {
      Shape in = subject.shape();
      long plane = in.elements() / in.n() / in.c();
      int[] ints = new int[indices.limit() / Long.BYTES];
      Arrays.setAll(ints, i -> (int) (indices.getLong(i * Long.BYTES) % plane));
      return ints;
    }

    @Override
    public void close() {
      inputs.values().forEach(OnnxTensor::close);
      outputs.values().forEach(OnnxTensor::close);
      try {
        session.close();
      } catch (OrtException failed) {
        throw new IllegalStateException(failed.getMessage(), failed);
      }
    }
  }
}
