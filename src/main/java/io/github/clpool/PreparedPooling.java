package io.github.clpool;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.Backend;
import io.github.clpool.backend.CallMemory;
import io.github.clpool.backend.Plan;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Problem;
import io.github.clpool.op.RandomKey;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Producer;
import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Storage;
import io.github.clpool.tensor.Tensor;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A call for tensors of known shapes, checked and planned once, to be run again and again into
 * tensors of the caller. Immutable and thread-safe; needs no closing, its {@link Pooling} owns what
 * it needs.
 *
 * <pre>{@code
 * PreparedPooling max = pooling.prepare(operator, shape, Layout.NCHW, DataType.FLOAT32);
 * try (Tensor x = max.empty(Role.INPUT);
 *     Tensor y = max.empty(Role.OUTPUT)) {
 *   while (frames.hasNext()) {
 *     x.write(frames.next());
 *     max.run(x, y);
 *     y.read(pooled);
 *   }
 * }
 * }</pre>
 */
public final class PreparedPooling {
  private static final int ROLES = Role.values().length;

  private final Pooling pooling;
  private final Problem problem;
  private final Plan plan;
  private final boolean draws;
  private final Role[] roles;
  private final Shape[] shapes; // of each
  private final DataType[] types; // of each
  private final AtomicReference<SpareArguments> spare = new AtomicReference<>();

  PreparedPooling(Pooling pooling, Problem problem) {
    Checks.checkProblem(pooling.backend(), problem);
    Operator operator = problem.operator();
    this.pooling = pooling;
    this.problem = problem;
    this.plan = pooling.plan(problem);
    this.draws = operator.draws(problem.direction(), problem.arguments().keySet());
    this.roles = problem.arguments().keySet().stream().sorted().toArray(Role[]::new);
    this.shapes = new Shape[roles.length];
    this.types = new DataType[roles.length];
    for (int i = 0; i < roles.length; i++) {
      shapes[i] = problem.arguments().get(roles[i]);
      types[i] = operator.typeOf(roles[i], problem.type());
    }
  }

  /** The forward call with everything that the operator must be given. */
  static Problem forward(Operator operator, Shape input, Layout layout, DataType type) {
    Map<Role, Shape> shapes = new EnumMap<>(Role.class);
    shapes.put(Role.INPUT, input);
    for (Role role : operator.parameters()) {
      shapes.put(role, operator.shapeOf(role, shapes));
    }
    shapes.put(Role.OUTPUT, operator.shapeOf(Role.OUTPUT, shapes));
    return new Problem(operator, Direction.FORWARD, input, layout, type, shapes, false);
  }

  /**
   * The same forward call that gives indices, too.
   *
   * @return the other call
   * @throws IllegalArgumentException if the operator selects no cells or the call runs backward
   */
  public PreparedPooling withIndices() {
    checkDirection(Direction.FORWARD);
    Map<Role, Shape> shapes = new EnumMap<>(problem.arguments());
    shapes.put(Role.INDICES, problem.output());
    return changed(Direction.FORWARD, shapes, false);
  }

  /**
   * The gradient of the input: takes the gradient of the output and what {@link
   * Operator#keptForBackward} names.
   *
   * @return the other call
   * @throws IllegalArgumentException if this call runs backward
   */
  public PreparedPooling backward() {
    return backward(Set.of(Role.GRAD_INPUT));
  }

  /**
   * All gradients of the operator, of the input and of its parameters.
   *
   * @return the other call
   * @throws IllegalArgumentException if this call runs backward
   */
  public PreparedPooling gradients() {
    return backward(problem.operator().gradients());
  }

  private PreparedPooling backward(Set<Role> wanted) {
    checkDirection(Direction.FORWARD);
    Operator operator = problem.operator();
    Set<Role> needed = EnumSet.of(Role.GRAD_OUTPUT);
    needed.addAll(operator.keptForBackward());
    needed.addAll(wanted);
    for (Role role : operator.optionalParameters()) {
      if (problem.has(role)) {
        needed.add(role);
      }
    }
    Map<Role, Shape> shapes = new EnumMap<>(Role.class);
    for (Role role : needed) {
      shapes.put(role, problem.shapeOf(role));
    }
    return changed(Direction.BACKWARD, shapes, false);
  }

  /**
   * The same backward call that adds its gradients to what their tensors hold, rounded once.
   *
   * @return the other call
   * @throws IllegalArgumentException if the call runs forward
   */
  public PreparedPooling accumulating() {
    checkDirection(Direction.BACKWARD);
    return changed(Direction.BACKWARD, problem.arguments(), true);
  }

  private void checkDirection(Direction needed) {
    Require.that(
        problem.direction() == needed,
        "call runs %s, but must run %s",
        problem.direction(),
        needed);
  }

  private PreparedPooling changed(
      Direction direction, Map<Role, Shape> shapes, boolean accumulate) {
    return new PreparedPooling(
        pooling,
        new Problem(
            problem.operator(),
            direction,
            problem.input(),
            problem.layout(),
            problem.type(),
            shapes,
            accumulate));
  }

  /**
   * The call without its tensors.
   *
   * @return the problem
   */
  public Problem problem() {
    return problem;
  }

  /**
   * What computes the results.
   *
   * @return backend, device and implementation
   */
  public Producer producer() {
    return plan.producer();
  }

  /**
   * The memory that a run needs on the device; its tensors can be those of other runs.
   *
   * @return the bytes of its inputs, its results and what it takes besides
   */
  public CallMemory memory() {
    return pooling.memory(problem);
  }

  /**
   * Makes a tensor that fits this call, of undefined elements.
   *
   * @param role what it is to the operator
   * @return the tensor, to be closed by the caller
   * @throws IllegalArgumentException if the call has no tensor in that role
   */
  public Tensor empty(Role role) {
    int at = position(Require.present("role", role));
    Producer producer = role.isResult(problem.direction()) ? producer() : null;
    return pooling.allocate(shapes[at], problem.layout(), types[at], producer);
  }

  /**
   * Runs a call that has two tensors.
   *
   * @param from the input, or backward the gradient of the output
   * @param to the output, or backward the gradient of the input
   * @throws IllegalArgumentException if a tensor does not fit, or the call has more of them
   */
  public void run(Tensor from, Tensor to) {
    run(from, to, null, false);
  }

  /**
   * Runs a call that has indices besides.
   *
   * @param from the input, or backward the gradient of the output
   * @param to the output, or backward the gradient of the input
   * @param indices the indices: a result, backward those of the forward call
   * @throws IllegalArgumentException if a tensor does not fit, or the call has others
   */
  public void run(Tensor from, Tensor to, Tensor indices) {
    run(from, to, indices, true);
  }

  private void run(Tensor from, Tensor to, Tensor indices, boolean withIndices) {
    SpareArguments taken = SpareArguments.take(spare);
    try {
      put(taken.tensors(), from, to);
      if (withIndices) {
        position(Role.INDICES);
        taken.tensors()[Role.INDICES.ordinal()] = Require.present("indices", indices);
      }
      run(taken.tensors(), taken.arguments());
    } finally {
      taken.giveBack(spare);
    }
  }

  private void put(Tensor[] tensors, Tensor from, Tensor to) {
    boolean forward = problem.direction() == Direction.FORWARD;
    Role first = forward ? Role.INPUT : Role.GRAD_OUTPUT;
    Role last = forward ? Role.OUTPUT : Role.GRAD_INPUT;
    tensors[first.ordinal()] = Require.present(first.words(), from);
    tensors[last.ordinal()] = Require.present(last.words(), to);
  }

  /**
   * Begins a call with any tensors and a random key.
   *
   * @return a call without tensors
   */
  public Call call() {
    return new Call();
  }

  /**
   * The tensors of a call, given one by one. It can be run again, with some of them changed. Not
   * thread-safe.
   *
   * <pre>{@code
   * PreparedPooling.Call call = prepared.call().with(Role.INPUT, x).with(Role.OUTPUT, y);
   * call.key(key).run();
   * }</pre>
   */
  public final class Call {
    private final Tensor[] tensors = new Tensor[ROLES];
    private RandomKey key;

    private Call() {}

    /**
     * Gives a tensor, in place of the one that was given before.
     *
     * @param role what it is to the operator
     * @param tensor the tensor
     * @return this call
     * @throws IllegalArgumentException if the prepared call has no tensor in that role
     */
    public Call with(Role role, Tensor tensor) {
      position(Require.present("role", role));
      tensors[role.ordinal()] = Require.present(role.words(), tensor);
      return this;
    }

    /**
     * Gives the key of the random draw.
     *
     * @param randomKey the key
     * @return this call
     */
    public Call key(RandomKey randomKey) {
      key = Require.present("key", randomKey);
      return this;
    }

    /**
     * Computes, or starts to.
     *
     * @throws IllegalArgumentException if a tensor is missing, does not fit, or shares elements
     *     with a result
     */
    public void run() {
      Tensor[] copy = tensors.clone();
      PreparedPooling.this.run(copy, new Arguments(copy, key));
    }
  }

  private int position(Role role) {
    for (int i = 0; i < roles.length; i++) {
      if (roles[i] == role) {
        return i;
      }
    }
    throw new IllegalArgumentException(
        role.words() + " is given, but the call of " + problem + " has no such tensor");
  }

  /** With arguments that have these tensors. */
  private void run(Tensor[] tensors, Arguments arguments) {
    Backend backend = pooling.backend();
    for (int i = 0; i < roles.length; i++) {
      check(backend, i, tensors[roles[i].ordinal()]);
    }
    for (Role result : roles) {
      if (result.isResult(problem.direction())) {
        Storage written = tensors[result.ordinal()].storage();
        for (Role read : roles) {
          Checks.checkSharing(result, written, read, tensors[read.ordinal()].storage());
        }
      }
    }
    Checks.checkKey(problem.operator(), draws, arguments.key().isPresent());
    plan.run(arguments);
  }

  private void check(Backend backend, int at, Tensor tensor) {
    if (tensor == null) {
      throw Checks.missing(roles[at], problem.operator());
    }
    Checks.checkOwner(backend, roles[at], tensor.storage());
    Shape shape = tensor.shape();
    if (shape != shapes[at] && !shape.equals(shapes[at])) {
      throw new IllegalArgumentException(
          "%s has shape %s, but %s of input %s needs %s"
              .formatted(
                  roles[at].words(), shape, problem.operator(), problem.input(), shapes[at]));
    }
    Checks.checkElements(roles[at], tensor, types[at], problem.type(), problem.layout());
  }
}
