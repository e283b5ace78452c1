package io.github.clpool;

import io.github.clpool.backend.Lifetime;
import io.github.clpool.op.Inputs;
import io.github.clpool.op.Operator;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Closes everything that was made in it, the last first, what its passes make among it. Must be
 * closed. Thread-safe.
 *
 * <pre>{@code
 * try (Scope scope = pooling.scope()) {
 *   Pass pass = scope.forward(max, scope.tensor(shape, numbers));
 *   return pass.backward(scope.ones(pass.output().shape())).toFloats();
 * }
 * }</pre>
 */
public final class Scope extends Tensors implements AutoCloseable {
  private final Pooling pooling;
  private final Deque<AutoCloseable> made = new ArrayDeque<>();
  private boolean closed;

  Scope(Pooling pooling) {
    this.pooling = pooling;
  }

  @Override
  public Tensor empty(Shape shape, Layout layout, DataType type) {
    checkOpen();
    return add(pooling.empty(shape, layout, type));
  }

  @Override
  public Tensor converted(Tensor x, Layout layout, DataType type) {
    checkOpen();
    return add(pooling.converted(x, layout, type));
  }

  /**
   * Pools for inference.
   *
   * @param operator the operator
   * @param x the tensor to pool
   * @return the output in x's layout and type, closed with the scope
   * @throws IllegalArgumentException if the operator does not fit the tensor
   */
  public Tensor run(Operator operator, Tensor x) {
    checkOpen();
    return add(pooling.run(operator, x));
  }

  /**
   * Pools for inference.
   *
   * @param operator the operator
   * @param inputs the tensor to pool and what the operator needs besides
   * @return the output in x's layout and type, closed with the scope
   * @throws IllegalArgumentException if the operator does not fit the inputs
   */
  public Tensor run(Operator operator, Inputs inputs) {
    checkOpen();
    return add(pooling.run(operator, inputs));
  }

  /**
   * Pools for training.
   *
   * @param operator the operator
   * @param x the tensor to pool
   * @return the pass, closed with the scope, and so are the gradients that it makes
   * @throws IllegalArgumentException if the operator does not fit the tensor
   */
  public Pass forward(Operator operator, Tensor x) {
    return forward(operator, Inputs.of(x));
  }

  /**
   * Pools for training.
   *
   * @param operator the operator
   * @param inputs the tensor to pool and what the operator needs besides
   * @return the pass, closed with the scope, and so are the gradients that it makes
   * @throws IllegalArgumentException if the operator does not fit the inputs
   */
  public Pass forward(Operator operator, Inputs inputs) {
    checkOpen();
    return add(pooling.forward(operator, inputs, this));
  }

  /**
   * Takes something that was made elsewhere, such as a part of a batch; a closed scope closes it at
   * once.
   *
   * @param <T> its type
   * @param thing what is closed with the scope
   * @return the same thing
   * @throws IllegalStateException if the scope is closed
   */
  public <T extends AutoCloseable> T add(T thing) {
    Require.present("thing", thing);
    synchronized (made) {
      if (!closed) {
        made.push(thing);
        return thing;
      }
    }
    IllegalStateException refused = new IllegalStateException("scope is closed");
    try {
      close(thing);
    } catch (RuntimeException failed) {
      refused.addSuppressed(failed);
    }
    throw refused;
  }

  /**
   * Gives something back to the caller, who closes it from now on.
   *
   * @param <T> its type
   * @param thing what was made in this scope
   * @return the same thing
   * @throws IllegalArgumentException if it is not of this scope
   */
  public <T extends AutoCloseable> T release(T thing) {
    Require.present("thing", thing);
    synchronized (made) {
      Require.that(made.removeIf(each -> each == thing), "thing is %s, but of no scope", thing);
    }
    return thing;
  }

  private void checkOpen() {
    synchronized (made) {
      if (closed) {
        throw new IllegalStateException("scope is closed");
      }
    }
  }

  /** Closes everything that was made in it; further calls do nothing. */
  @Override
  public void close() {
    Deque<AutoCloseable> all;
    synchronized (made) {
      closed = true;
      all = new ArrayDeque<>(made);
      made.clear();
    }
    Lifetime.freeAll(all, Scope::close);
  }

  private static void close(AutoCloseable thing) {
    try {
      thing.close();
    } catch (RuntimeException failed) {
      throw failed;
    } catch (Exception failed) {
      throw new IllegalStateException(failed);
    }
  }
}
