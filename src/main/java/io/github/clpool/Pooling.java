package io.github.clpool;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.Backend;
import io.github.clpool.backend.CallMemory;
import io.github.clpool.backend.Candidate;
import io.github.clpool.backend.Device;
import io.github.clpool.backend.Plan;
import io.github.clpool.backend.Preference;
import io.github.clpool.backend.Verdict;
import io.github.clpool.cache.Plans;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Inputs;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Problem;
import io.github.clpool.op.RandomKey;
import io.github.clpool.op.Role;
import io.github.clpool.split.SplitBackend;
import io.github.clpool.tensor.Completion;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Handles;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Producer;
import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Storage;
import io.github.clpool.tensor.Tensor;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One device, or several that share each batch, its tensors and its operators. Must be closed,
 * after its tensors. Thread-safe.
 *
 * <p>The device is chosen once, when it is opened; {@link #selection} says why. Calls check
 * everything before they compute anything, and on an OpenCL device return before the result is
 * there: reading a tensor waits for it. What only an OpenCL device can find wrong, such as an index
 * or a box in its memory, is thrown to whoever reads or awaits a result of the call, or something
 * computed from one; the JVM throws it in the call.
 */
public final class Pooling extends Tensors implements AutoCloseable {
  private final Backend backend;
  private final Plans plans;
  private final Selection selection;
  private final Preference preference;
  private final Handles.Handle handle;
  private final Pooling origin; // kept from the garbage collector as long as a view of it

  Pooling(Backend backend, Selection selection) {
    this.backend = backend;
    this.selection = selection;
    this.preference = Preference.NONE;
    Plans ofBackend = new Plans(backend);
    this.plans = ofBackend;
    this.handle =
        Handles.open(
            this,
            "pooling on " + backend.device(),
            () -> {
              try {
                backend.close();
              } finally {
                ofBackend.close();
              }
            });
    this.origin = this;
  }

  private Pooling(Pooling origin, Preference preference) {
    this.backend = origin.backend;
    this.plans = origin.plans;
    this.selection = origin.selection;
    this.preference = preference;
    this.handle = origin.handle;
    this.origin = origin.origin;
  }

  /**
   * Opens the best OpenCL device, else the JVM, unless property or environment say otherwise.
   *
   * @return the open device
   * @throws io.github.clpool.backend.DeviceException if an override names a device that is not
   *     there
   */
  public static Pooling open() {
    return open(DevicePolicy.AUTO);
  }

  /**
   * Opens a device.
   *
   * @param policy which one
   * @return the open device
   * @throws io.github.clpool.backend.DeviceException if no device satisfies the policy, with every
   *     candidate's reason
   */
  public static Pooling open(DevicePolicy policy) {
    return Selector.open(Require.present("policy", policy).overridden());
  }

  /**
   * Pools with a backend that was made elsewhere, such as one on the caller's own OpenCL context.
   *
   * @param backend the backend, closed with the result
   * @return the open device
   */
  public static Pooling over(Backend backend) {
    Require.present("backend", backend);
    DevicePolicy policy = new DevicePolicy(DevicePolicy.Kind.NAME, backend.device());
    Candidate given =
        new Candidate(backend.device(), Candidate.Outcome.CHOSEN, "given by the caller");
    Selection selection = new Selection(policy, backend.name(), backend.device(), List.of(given));
    return new Pooling(backend, selection);
  }

  /**
   * Pools with several backends that were made elsewhere. Their speed is measured now, and each
   * batch is split over them in proportion.
   *
   * @param backends the backends, one at least, closed with the result, or if one of them fails
   * @return the open devices
   * @throws io.github.clpool.backend.DeviceException if one of them fails
   */
  public static Pooling over(List<Backend> backends) {
    List<Backend> some = List.copyOf(Require.present("backends", backends));
    Require.that(!some.isEmpty(), "backends are [], but there must be one at least");
    return over(some.size() == 1 ? some.get(0) : SplitBackend.measured(some));
  }

  /**
   * The same device with wishes about how to compute; shares everything and needs no closing.
   *
   * @param wishes the wishes; they never change a bit of a result
   * @return the view
   */
  public Pooling with(Preference wishes) {
    return new Pooling(origin, Require.present("wishes", wishes));
  }

  /**
   * What computes.
   *
   * @return name, kind, sizes and what a self-test found
   */
  public Device device() {
    return backend().description();
  }

  /**
   * The device and why it was chosen.
   *
   * @return the selection
   */
  public Selection selection() {
    return selection;
  }

  @Override
  public Tensor empty(Shape shape, Layout layout, DataType type) {
    Require.present("shape", shape);
    Require.present("layout", layout);
    Require.present("type", type);
    Checks.checkType(backend(), type);
    return allocate(shape, layout, type, null);
  }

  @Override
  public Tensor converted(Tensor x, Layout layout, DataType type) {
    Require.present("x", x);
    Require.that(
        x.storage().owner() == backend(), "x is %s of another device than %s", x, backend.device());
    boolean isOfInts = Require.present("type", type) == DataType.INT32;
    Require.that(
        isOfInts == (x.type() == DataType.INT32), "type is %s, but x is %s", type, x.type());
    Tensor made = empty(x.shape(), layout, type);
    try {
      if (x.shape().elements() > 0) {
        backend.convert(x, made);
      }
      return made;
    } catch (Throwable failed) {
      made.close();
      throw failed;
    }
  }

  /**
   * Begins a scope, which closes the tensors and passes that are made in it.
   *
   * @return the scope, to be closed by the caller, before this
   * @throws IllegalStateException if this is closed
   */
  public Scope scope() {
    backend();
    return new Scope(this);
  }

  /**
   * Plans and compiles calls before they are made, so that the first one is as fast as the others:
   * of FLOAT32 tensors in layout NCHW, for inference and for training.
   *
   * @param operator the operator
   * @param shape the input's shape
   * @throws IllegalArgumentException if the operator does not fit, or a parameter's shape is the
   *     caller's choice: then {@link #prepare(Problem)} serves
   */
  public void warmUp(Operator operator, Shape shape) {
    PreparedPooling forward = prepare(operator, shape, Layout.NCHW, DataType.FLOAT32);
    if (operator.hasIndices()) {
      forward.withIndices();
    }
    forward.backward();
  }

  /**
   * Pools for inference: nothing is kept for a backward pass.
   *
   * @param operator the operator
   * @param x the tensor to pool
   * @return the output in x's layout and type, to be closed by the caller
   * @throws IllegalArgumentException if the operator does not fit the tensor
   */
  public Tensor run(Operator operator, Tensor x) {
    return run(operator, Inputs.of(x));
  }

  /**
   * Pools for inference: nothing is kept for a backward pass.
   *
   * @param operator the operator
   * @param inputs the tensor to pool and what the operator needs besides
   * @return the output in x's layout and type, to be closed by the caller
   * @throws IllegalArgumentException if the operator does not fit the inputs
   */
  public Tensor run(Operator operator, Inputs inputs) {
    Require.present("inputs", inputs);
    try (Results results =
        new Results(this, operator, Direction.FORWARD, inputs.tensors(), inputs.x())) {
      results.add(Role.OUTPUT);
      results.compute(inputs.key());
      return results.release(Role.OUTPUT);
    }
  }

  /**
   * Pools into a tensor of the caller.
   *
   * @param operator the operator
   * @param x the tensor to pool
   * @param into takes the output, of its shape and x's layout and type
   * @throws IllegalArgumentException if the operator does not fit the tensors
   */
  public void run(Operator operator, Tensor x, Tensor into) {
    run(operator, Inputs.of(x), into);
  }

  /**
   * Pools into a tensor of the caller.
   *
   * @param operator the operator
   * @param inputs the tensor to pool and what the operator needs besides
   * @param into takes the output, of its shape and x's layout and type
   * @throws IllegalArgumentException if the operator does not fit the tensors
   */
  public void run(Operator operator, Inputs inputs, Tensor into) {
    Require.present("operator", operator);
    Map<Role, Tensor> tensors = new EnumMap<>(Require.present("inputs", inputs).tensors());
    tensors.put(Role.OUTPUT, Require.present("into", into));
    compute(operator, Direction.FORWARD, tensors, inputs.key(), false);
  }

  /**
   * Prepares a forward call that is made often: checks and plans it now, so that a run costs little
   * more than the device takes. The operator's parameters take part, too.
   *
   * @param operator the operator
   * @param shape the input's shape
   * @param layout the layout of all tensors with planes
   * @param type the input's element type
   * @return the prepared call, which {@link PreparedPooling#withIndices}, {@link
   *     PreparedPooling#backward} and others change
   * @throws IllegalArgumentException if the operator does not fit, or a parameter's shape is the
   *     caller's choice: then {@link #prepare(Problem)} serves
   */
  public PreparedPooling prepare(Operator operator, Shape shape, Layout layout, DataType type) {
    Require.present("operator", operator);
    Require.present("shape", shape);
    Require.present("layout", layout);
    Require.present("type", type);
    return prepare(PreparedPooling.forward(operator, shape, layout, type));
  }

  /**
   * Prepares any call that is made often, as the other method does.
   *
   * @param problem the call with the shapes of all its tensors
   * @return the prepared call
   * @throws IllegalArgumentException if a tensor is missing or does not fit
   */
  public PreparedPooling prepare(Problem problem) {
    return new PreparedPooling(this, Require.present("problem", problem));
  }

  /**
   * Pools for training: keeps what the backward pass needs.
   *
   * @param operator the operator
   * @param x the tensor to pool
   * @return the pass, to be closed by the caller
   * @throws IllegalArgumentException if the operator does not fit the tensor
   */
  public Pass forward(Operator operator, Tensor x) {
    return forward(operator, Inputs.of(x));
  }

  /**
   * Pools for training: keeps what the backward pass needs.
   *
   * @param operator the operator
   * @param inputs the tensor to pool and what the operator needs besides; they must stay open until
   *     the last backward call, as far as the operator reads them there
   * @return the pass, to be closed by the caller
   * @throws IllegalArgumentException if the operator does not fit the inputs
   */
  public Pass forward(Operator operator, Inputs inputs) {
    return forward(operator, inputs, null);
  }

  Pass forward(Operator operator, Inputs inputs, Scope scope) {
    Require.present("inputs", inputs);
    try (Results results =
        new Results(this, operator, Direction.FORWARD, inputs.tensors(), inputs.x())) {
      results.addAll(operator.results());
      if (operator.hasIndices()) {
        results.add(Role.INDICES);
      }
      results.compute(inputs.key());
      return new Pass(this, operator, inputs, results.release(), scope);
    }
  }

  /**
   * Computes with every tensor given by the caller, results included: nothing is allocated.
   *
   * @param operator the operator
   * @param direction which way
   * @param tensors forward {@link Role#INPUT}, {@link Role#OUTPUT}, the operator's parameters and
   *     {@link Role#INDICES} on request; backward {@link Role#GRAD_OUTPUT}, what {@link
   *     Operator#keptForBackward} names, and the gradients that are wanted
   * @param accumulate whether gradients are added to what their tensors hold
   * @throws IllegalArgumentException if a tensor is missing, does not fit, or shares elements with
   *     a result
   */
  public void compute(
      Operator operator, Direction direction, Map<Role, Tensor> tensors, boolean accumulate) {
    compute(operator, direction, tensors, Optional.empty(), accumulate);
  }

  /**
   * Computes an operator that draws random numbers, with every tensor given by the caller.
   *
   * @param operator the operator
   * @param direction which way; backward with the key of the forward call
   * @param tensors as without a key
   * @param key the key of the draw
   * @param accumulate whether gradients are added to what their tensors hold
   * @throws IllegalArgumentException as without a key
   */
  public void compute(
      Operator operator,
      Direction direction,
      Map<Role, Tensor> tensors,
      RandomKey key,
      boolean accumulate) {
    Require.present("key", key);
    compute(operator, direction, tensors, Optional.of(key), accumulate);
  }

  void compute(
      Operator operator,
      Direction direction,
      Map<Role, Tensor> tensors,
      Optional<RandomKey> key,
      boolean accumulate) {
    Require.present("operator", operator);
    Require.present("direction", direction);
    Require.present("tensors", tensors);
    Tensor like = Checks.inputLike(operator, tensors);
    Problem problem =
        Checks.problem(
            backend(), operator, direction, tensors, like, Set.of(), key.isPresent(), accumulate);
    plan(problem).run(new Arguments(tensors, key));
  }

  Plan plan(Problem problem) {
    return plans.get(problem, preference);
  }

  Tensor allocate(Shape shape, Layout layout, DataType type, Producer producer) {
    Storage storage = backend().allocate(shape, layout, type);
    try {
      return new Tensor(shape, layout, type, storage, producer);
    } catch (Throwable failed) {
      storage.close();
      throw failed;
    }
  }

  /**
   * Says what would compute a call under the wishes of {@link #with}.
   *
   * @param problem the call
   * @return backend, device and implementation
   * @throws IllegalArgumentException if no implementation that is wished for accepts, with the
   *     reasons
   */
  public Producer choose(Problem problem) {
    backend();
    return plan(Require.present("problem", problem)).producer();
  }

  /**
   * Whether tensors of a type can be computed with.
   *
   * @param type the type
   * @return empty if they can, else the reason why not
   */
  public Optional<String> refusal(DataType type) {
    return backend().refusal(Require.present("type", type));
  }

  /**
   * Whether the device keeps subnormal floats; results that are none do not depend on it.
   *
   * @return false if it flushes them to zero
   */
  public boolean keepsSubnormals() {
    return backend().keepsSubnormals();
  }

  /**
   * What computes, for {@code OpenClInterop}. Closed with this, never by the caller.
   *
   * @return the backend
   * @throws IllegalStateException if this is closed
   */
  public Backend backend() {
    if (handle.isClosed()) {
      throw new IllegalStateException("pooling on " + backend.device() + " is closed");
    }
    return backend;
  }

  /**
   * Asks every implementation about a forward call for inference.
   *
   * @param operator the operator
   * @param input the shape of a FLOAT32 tensor in layout NCHW
   * @return one verdict for each, in the order in which they are tried; the first that accepts runs
   * @throws IllegalArgumentException if the operator does not fit the input, or its output depends
   *     on other tensors, too
   */
  public List<Verdict> explain(Operator operator, Shape input) {
    Require.present("operator", operator);
    Require.present("input", input);
    Map<Role, Shape> shapes = new EnumMap<>(Role.class);
    shapes.put(Role.INPUT, input);
    shapes.put(Role.OUTPUT, operator.outputShape(input));
    return explain(
        new Problem(
            operator, Direction.FORWARD, input, Layout.NCHW, DataType.FLOAT32, shapes, false));
  }

  /**
   * Asks every implementation about a call.
   *
   * @param problem the call
   * @return one verdict for each, in the order in which they are tried; the first that accepts runs
   * @throws IllegalArgumentException if the operator is not defined for the type
   */
  public List<Verdict> explain(Problem problem) {
    Require.present("problem", problem);
    problem.operator().checkType(problem.type(), problem.direction());
    return backend().explain(problem);
  }

  /**
   * The memory that a call will need on the device, under the wishes of {@link #with}.
   *
   * @param problem the call
   * @return the bytes of its inputs, its results and what it takes besides
   * @throws IllegalArgumentException if no implementation accepts, with the reasons
   */
  public CallMemory memory(Problem problem) {
    return backend().memory(Require.present("problem", problem), preference);
  }

  /**
   * Gives memory of closed tensors and finished calls, which is kept for the next of their sizes,
   * back to the device. At most the bytes that the system property {@code clpool.opencl.keptBytes}
   * says are kept, by default 1 GiB or a quarter of the device's memory. On the JVM nothing is.
   */
  public void trim() {
    backend().trim();
  }

  /**
   * Makes calls and says when the work that they started is done.
   *
   * @param calls the calls, made by this thread before this one returns; what they throw is thrown
   * @return the completion, to be closed by the caller; on the JVM it is done
   * @throws IllegalStateException if this is closed
   */
  public Completion enqueue(Runnable calls) {
    return backend().enqueue(Require.present("calls", calls));
  }

  /**
   * Waits until everything that was started is done.
   *
   * @throws RuntimeException if a call was given bad data that only its kernels could find, and
   *     nobody was told yet, such as an {@code IndexOutOfBoundsException} of a position: the first
   *     of such calls, the others are forgotten
   */
  public void finish() {
    backend().finish();
  }

  /**
   * Frees the device and ends every view of it; its tensors should be closed before, and keep what
   * they need of it until they are. Waits for calls whose data the device still checks; what it
   * finds wrong, and nobody was told, is logged. Further calls do nothing.
   */
  @Override
  public void close() {
    handle.close();
  }
}
