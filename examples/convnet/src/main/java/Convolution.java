import io.github.clpool.Pooling;
import io.github.clpool.Scope;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.Random;

/** A convolution, and what it learns. Planes lie in the order channel, picture, row, column. */
final class Convolution implements AutoCloseable {
  private final Kernels kernels;
  private final int inputs;
  private final int outputs;
  private final int size;
  private final int rows; // of the matrix of columns: the kernel's cells and the bias
  private final Scope learned;
  private final Tensor weights;
  private final Tensor velocity;
  private Tensor x; // of the last forward call
  private Tensor columns;

  Convolution(Pooling pooling, Kernels kernels, int inputs, int outputs, int size, Random random) {
    this.kernels = kernels;
    this.inputs = inputs;
    this.outputs = outputs;
    this.size = size;
    this.rows = inputs * size * size + 1;
    this.learned = pooling.scope();
    float[] begin = new float[outputs * rows];
    for (int i = 0; i < begin.length; i++) {
      begin[i] = (float) (random.nextGaussian() * Math.sqrt(2.0 / rows));
    }
    this.weights = learned.tensor(Shape.array(outputs, rows), begin);
    this.velocity = learned.zeros(Shape.array(outputs, rows));
  }

  Tensor forward(Scope step, Tensor from) {
    x = from;
    int pictures = (int) x.shape().c();
    int height = x.shape().h();
    int width = x.shape().w();
    Shape shape = Shape.of(outputs, pictures, height - size + 1, width - size + 1);
    Tensor y = step.empty(shape, Layout.NCHW, DataType.FLOAT32);
    int places = pictures * shape.planeSize();
    columns = step.empty(Shape.array(rows, places), Layout.NCHW, DataType.FLOAT32);
    kernels.run("columns", places, rows, x, columns, pictures, height, width, size);
    kernels.multiply(weights, false, columns, false, y, outputs, places, rows);
    return y;
  }

  /** Gives the gradient of the input and learns. */
  Tensor backward(Scope step, Tensor gradient, float rate) {
    int places = (int) (gradient.shape().elements() / outputs);
    Tensor ofColumns = step.like(columns);
    kernels.multiply(weights, true, gradient, false, ofColumns, rows, places, outputs);
    Tensor ofInput = step.like(x);
    Shape shape = x.shape();
    kernels.run(
        "cells",
        shape.elements(),
        1,
        ofColumns,
        ofInput,
        (int) shape.c(),
        shape.h(),
        shape.w(),
        size);

    Tensor ofWeights = step.like(weights);
    kernels.multiply(gradient, false, columns, true, ofWeights, outputs, rows, places);
    kernels.run("learn", (long) outputs * rows, 1, weights, ofWeights, velocity, rate);
    return ofInput;
  }

  @Override
  public void close() {
    learned.close();
  }
}
