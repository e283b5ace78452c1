package io.github.clpool.backend;

import io.github.clpool.op.Problem;
import io.github.clpool.tensor.Completion;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Storage;
import io.github.clpool.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/** Something that computes: owns memory and plans problems that were checked. Thread-safe. */
public interface Backend extends AutoCloseable {
  /**
   * The backend's name.
   *
   * @return {@code reference}, {@code jvm}, {@code opencl} or {@code split}
   */
  String name();

  /**
   * The device's name.
   *
   * @return the name
   */
  String device();

  /**
   * The device and what it can.
   *
   * @return the device
   */
  Device description();

  /**
   * Whether tensors of a type can be computed with.
   *
   * @param type the type
   * @return empty if they can, else the reason why not
   */
  Optional<String> refusal(DataType type);

  /**
   * Whether subnormal floats survive arithmetic.
   *
   * @return false if the device flushes them to zero
   */
  default boolean keepsSubnormals() {
    return true;
  }

  /**
   * Makes memory for a tensor; its content is undefined.
   *
   * @param shape the shape
   * @param layout the order of the elements
   * @param type the element type
   * @return the storage
   */
  Storage allocate(Shape shape, Layout layout, DataType type);

  /**
   * Asks every implementation about a problem, in the order of preference.
   *
   * @param problem the problem
   * @return one verdict for each
   */
  List<Verdict> explain(Problem problem);

  /**
   * Gets ready to compute a problem with the first implementation that accepts it. A plan keeps its
   * backend from being freed until it is closed.
   *
   * @param problem the problem
   * @param preference the caller's wishes
   * @return the plan, to be closed by the caller
   * @throws IllegalArgumentException if no implementation accepts, with the reasons
   * @throws IllegalStateException if the backend is closed
   */
  Plan plan(Problem problem, Preference preference);

  /**
   * Makes calls and says when the work that they started is done.
   *
   * @param calls the calls, made by this thread before this one returns; what they throw is thrown
   * @return the completion, to be closed by the caller
   * @throws IllegalStateException if the backend is closed
   */
  Completion enqueue(Runnable calls);

  /**
   * The memory that a problem needs.
   *
   * @param problem the problem
   * @param preference the caller's wishes
   * @return the bytes
   * @throws IllegalArgumentException if no implementation accepts, with the reasons
   */
  default CallMemory memory(Problem problem, Preference preference) {
    return CallMemory.of(problem, 0);
  }

  /**
   * Copies elements into another layout and type, rounded as docs/semantics.md says (section 2,
   * rule 10).
   *
   * @param from a tensor of this backend
   * @param to another one of the same shape; of integers of 32 bits only if both are
   */
  default void convert(Tensor from, Tensor to) {
    HostConversion.convert(from, to);
  }

  /** Gives memory that is kept for calls to come back to the device; they are a little slower. */
  default void trim() {
    // nothing is kept
  }

  /**
   * Waits until everything that was started is done.
   *
   * @throws RuntimeException if kernels found bad data and nobody was told yet
   */
  void finish();

  /** Frees the device once every plan is closed. Called at most once. */
  @Override
  void close();
}
