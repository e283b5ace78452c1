package io.github.clpool.parity;

import io.github.clpool.Pooling;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes up the tensors of calls: numbers by the case's recipe, unless an operator needs others.
 * Stateless.
 */
public final class TestInputs {
  /** Makes up one tensor of an operator; each method has a default that serves most tensors. */
  interface Parameter {
    /** The shape, for tensors whose shape is the caller's choice. */
    default Shape shape(Case subject, Role role, Map<Role, Shape> given) {
      if (role == Role.WEIGHTS && subject.operator() instanceof Pool pool) {
        List<Shape> shapes = pool.reduction().weights(subject.shape(), pool.regions());
        return shapes.get((int) Math.floorMod(subject.seed() / 2, (long) shapes.size()));
      }
      return subject.operator().shapeOf(role, given);
    }

    /** The elements. */
    default Elements elements(Case subject, Role role, Shape shape, boolean subnormals) {
      return byRecipe(subject, role, shape, subnormals);
    }
  }

  private static final Parameter ANY = new Parameter() {};

  /** By the operator's name and the role; what is not listed is drawn by the case's recipe. */
  private static final Map<String, Map<Role, Parameter>> PARAMETERS = new HashMap<>();

  static {
    PARAMETERS.put("crf_pool", RandomGraphs.parameters());
    PARAMETERS.put("gem", Map.of(Role.WEIGHTS, new Exponents()));
    PARAMETERS.put("max_unpool", Map.of(Role.POSITIONS, new Positions()));
    PARAMETERS.put("mix", Map.of(Role.WEIGHTS, new OneOrPerChannel()));
  }

  private TestInputs() {}

  /** Learned weights: half of all cases share them between the channels. */
  private static final class OneOrPerChannel implements Parameter {
    @Override
    public Shape shape(Case subject, Role role, Map<Role, Shape> given) {
      Pool pool = (Pool) subject.operator();
      List<Shape> shapes = pool.reduction().weights(given.get(Role.INPUT), pool.regions());
      return shapes.get((int) (subject.seed() / 2 % shapes.size()));
    }
  }

  /** The same for every operator, unless it says otherwise. */
  private static final Map<Role, Parameter> OF_ALL =
      Map.of(
          Role.SAMPLES, new Samples(),
          Role.ROIS, new RandomRois(),
          Role.BATCH_INDICES, new RandomRois());

  private static Parameter of(Case subject, Role role) {
    return PARAMETERS
        .getOrDefault(subject.operator().name(), OF_ALL)
        .getOrDefault(role, OF_ALL.getOrDefault(role, ANY));
  }

  /** Numbers in [0, 1), the first and the last of them more often than others. */
  private static final class Samples implements Parameter {
    @Override
    public Elements elements(Case subject, Role role, Shape shape, boolean subnormals) {
      DataType type = subject.operator().typeOf(role, subject.type());
      Elements samples = Elements.room(type, shape);
      for (int i = 0; i < samples.count(); i++) {
        long bits = Recipe.mix(seed(subject, role) ^ Recipe.mix(i));
        int choice = (int) Math.floorMod(bits, 8L);
        double last = type == DataType.FLOAT64 ? Math.nextDown(1.0) : Math.nextDown(1.0f);
        samples.set(i, choice == 0 ? 0 : choice == 1 ? last : (bits >>> 40) * 0x1p-24);
      }
      return samples;
    }
  }

  static Shape shape(Case subject, Role role, Map<Role, Shape> given) {
    return of(subject, role).shape(subject, role, given);
  }

  static Elements elements(Case subject, Role role, Shape shape, boolean subnormals) {
    return of(subject, role).elements(subject, role, shape, subnormals);
  }

  /**
   * Writes into a tensor what a case's call is given in a role.
   *
   * @param subject the case
   * @param role the role; none that a call computes
   * @param tensor a tensor of the case's shape, layout and type in that role
   */
  public static void write(Case subject, Role role, Tensor tensor) {
    Require.present("subject", subject);
    Require.present("role", role);
    Require.present("tensor", tensor);
    tensor.write(elements(subject, role, tensor.shape(), true).buffer());
  }

  /**
   * Makes a tensor of what a case's call is given in a role.
   *
   * @param pooling where
   * @param subject the case
   * @param role the role; none that a call computes
   * @return the tensor, to be closed by the caller
   */
  public static Tensor tensor(Pooling pooling, Case subject, Role role) {
    Require.present("pooling", pooling);
    Require.present("subject", subject);
    Require.present("role", role);
    Shape shape = subject.problem().arguments().get(role);
    DataType type = subject.operator().typeOf(role, subject.type());
    return pooling.tensor(
        shape, subject.layout(), type, elements(subject, role, shape, true).buffer());
  }

  /** Numbers by the case's recipe; gradients of nothing but infinities would show little. */
  static Elements byRecipe(Case subject, Role role, Shape shape, boolean subnormals) {
    Recipe recipe =
        switch (role) {
          case INPUT, LOGITS, ADJACENCY, PAIRS -> subject.recipe();
          case GRAD_OUTPUT, GRAD_INPUT, GRAD_LOGITS -> gradientRecipe(subject.recipe());
          default -> Recipe.UNIFORM;
        };
    DataType type = subject.operator().typeOf(role, subject.type());
    return Elements.draw(recipe, seed(subject, role), subnormals, type, shape, subject.layout())
        .with(subject.specials());
  }

  /** A seed of its own for each tensor of a case. */
  static long seed(Case subject, Role role) {
    return Recipe.mix(subject.seed() + role.ordinal());
  }

  private static Recipe gradientRecipe(Recipe recipe) {
    return switch (recipe) {
      case INTEGERS, WIDE, SPECIAL -> recipe;
      default -> Recipe.UNIFORM;
    };
  }
}
