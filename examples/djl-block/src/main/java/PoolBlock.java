import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import io.github.clpool.Pass;
import io.github.clpool.Pooling;
import io.github.clpool.op.Operator;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * A block that pools with clpool. DJL's engines take no gradients from outside, so the graph is
 * cut: the output is a leaf of its own, and {@link #backward} carries its gradient over the cut.
 */
final class PoolBlock extends AbstractBlock {
  private final Pooling pooling;
  private final Operator operator;
  private NDArray x; // of the last forward call in training
  private NDArray y;
  private Pass pass;

  PoolBlock(Pooling pooling, Operator operator) {
    this.pooling = pooling;
    this.operator = operator;
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store, NDList inputs, boolean training, PairList<String, Object> options) {
    NDArray from = inputs.singletonOrThrow();
    if (!training) {
      try (Tensor tensor = tensor(from);
          Tensor pooled = pooling.run(operator, tensor)) {
        return new NDList(array(from, pooled));
      }
    }
    forget();
    x = from;
    pass = pooling.forward(operator, tensor(from));
    y = array(from, pass.output());
    y.setRequiresGradient(true);
    return new NDList(y);
  }

  /** To be called after the collector went back from the loss to this block's output. */
  void backward(GradientCollector collector) {
    try (Tensor gradOutput = tensor(y.getGradient());
        Tensor gradInput = pass.backward(gradOutput)) {
      // The gradient of this number by x is gradInput, and from there the engine goes on by itself.
      collector.backward(x.mul(array(x, gradInput)).sum());
    }
  }

  /** Frees what the last forward call kept. */
  void forget() {
    if (pass != null) {
      pass.inputs().x().close();
      pass.close();
      pass = null;
    }
  }

  private Tensor tensor(NDArray array) {
    ByteBuffer bytes = array.toByteBuffer().order(ByteOrder.nativeOrder());
    return pooling.tensor(
        shape(array.getShape()), Layout.NCHW, DataType.FLOAT32, bytes.asFloatBuffer());
  }

  private static NDArray array(NDArray like, Tensor tensor) {
    float[] values = tensor.toFloats();
    return like.getManager()
        .create(FloatBuffer.wrap(values), new Shape(tensor.shape().sizes()), like.getDataType());
  }

  private static io.github.clpool.tensor.Shape shape(Shape shape) {
    return io.github.clpool.tensor.Shape.of(
        shape.get(0), shape.get(1), (int) shape.get(2), (int) shape.get(3));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    io.github.clpool.tensor.Shape output =
        operator.shapeOf(io.github.clpool.op.Role.OUTPUT, shape(inputs[0]));
    return new Shape[] {new Shape(output.sizes())};
  }
}
