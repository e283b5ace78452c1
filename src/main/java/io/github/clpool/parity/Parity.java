package io.github.clpool.parity;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Pooling;
import io.github.clpool.backend.Preference;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Operators;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A search for calls whose results differ from the reference's in a bit. Immutable; each method
 * returns a changed copy; thread-safe as far as what is checked is.
 *
 * <pre>{@code
 * Parity.of("max window=3 stride=2", "max global")
 *     .types(DataType.FLOAT32)
 *     .cases(200)
 *     .check(call -> MyPool.max(call.problem(), call.floats(Role.INPUT), call.floats(Role.OUTPUT)))
 *     .assertEqual();
 * }</pre>
 *
 * <p>Calls are drawn at random: operators, shapes, types, layouts, directions and numbers, as far
 * as they are not said. Each is given to every implementation that takes it. The first failure of
 * each operator and implementation is shrunk, within what was said, to a small call.
 */
public final class Parity {
  private static final int USUAL_CASES = 200;

  /** Each combination of operator, type, layout and so on is compiled: others are soon drawn. */
  private static final int CASES_OF_A_SEED = 12;

  private static final int TEMPLATES_OF_A_SEED = 4;
  private static final List<DataType> TYPES =
      Arrays.stream(DataType.values()).filter(type -> type != DataType.INT32).toList();

  private final CaseSpace space;
  private final List<Case> repeated;
  private final int cases; // 0 for as many as is usual
  private final long seed;
  private final double seconds;
  private final ParityProgress progress;

  private Parity(
      CaseSpace space,
      List<Case> repeated,
      int cases,
      long seed,
      double seconds,
      ParityProgress progress) {
    this.space = space;
    this.repeated = repeated;
    this.cases = cases;
    this.seed = seed;
    this.seconds = seconds;
    this.progress = progress;
  }

  private static Parity of(List<CaseSpace.Choice> choices) {
    CaseSpace every = CaseSpace.of(Operators.names(), TYPES, RandomCases.Limits.FULL);
    return new Parity(every.ofChoices(choices), List.of(), 0, 1, 0, (done, total) -> {});
  }

  /**
   * Calls of every operator.
   *
   * @return the search
   */
  public static Parity ofAll() {
    return of(Operators.names().toArray(String[]::new));
  }

  /**
   * Calls of operators given by texts.
   *
   * @param operators texts as {@link Operators#parse} reads them, for these operators; words of
   *     {@link Operators#names}, for any operator that begins so; words of {@link
   *     Operators#regions}, for every reduction over such regions
   * @return the search
   * @throws IllegalArgumentException naming a text that is none of these
   */
  public static Parity of(String... operators) {
    return of(
        Stream.of(Require.present("operators", operators)).map(CaseSpace.Choice::of).toList());
  }

  /**
   * Calls of operators.
   *
   * @param operators the operators
   * @return the search
   */
  public static Parity of(Operator... operators) {
    return of(
        Stream.of(Require.present("operators", operators)).map(CaseSpace.Choice::of).toList());
  }

  /**
   * No search, but calls that failed before.
   *
   * @param cases texts of {@link Case}
   * @return what repeats them, and shrinks what fails
   * @throws IllegalArgumentException naming what is wrong in a text
   */
  public static Parity repeat(String... cases) {
    List<Case> repeated = Stream.of(Require.present("cases", cases)).map(Case::parse).toList();
    Require.that(!repeated.isEmpty(), "cases are [], but there must be one at least");
    Parity of = ofAll();
    return new Parity(of.space, repeated, 0, of.seed, 0, of.progress);
  }

  private Parity with(UnaryOperator<CaseSpace> change) {
    return new Parity(change.apply(space), repeated, cases, seed, seconds, progress);
  }

  /**
   * Takes these input shapes instead of random ones.
   *
   * @param shapes the shapes, of which each operator must take one at least
   * @return the changed copy
   */
  public Parity shapes(Shape... shapes) {
    List<Shape> some = List.of(Require.present("shapes", shapes));
    List<Integer> axes =
        some.stream().filter(Shape::hasPlanes).map(Shape::axes).distinct().toList();
    return with(old -> old.ofShapes(some, axes.isEmpty() ? old.dimensions() : axes));
  }

  /**
   * Draws tensors of so many spatial axes.
   *
   * @param dimensions some of 1, 2 and 3
   * @return the changed copy
   * @throws IllegalArgumentException if there is another number, or none
   */
  public Parity dimensions(int... dimensions) {
    List<Integer> some = IntStream.of(Require.present("dimensions", dimensions)).boxed().toList();
    return with(old -> old.ofShapes(old.shapes(), some));
  }

  /**
   * Draws inputs of these types, as far as operators take and devices compute them.
   *
   * @param types element types that are pooled
   * @return the changed copy
   * @throws IllegalArgumentException if there is another type, or none
   */
  public Parity types(DataType... types) {
    List<DataType> some = List.of(Require.present("types", types));
    Require.that(TYPES.containsAll(some), "types are %s, but must be some of %s", some, TYPES);
    return with(old -> old.ofTypes(some));
  }

  /**
   * Draws tensors of these layouts.
   *
   * @param layouts the layouts, at least one
   * @return the changed copy
   */
  public Parity layouts(Layout... layouts) {
    List<Layout> some = List.of(Require.present("layouts", layouts));
    return with(old -> old.ofLayouts(some));
  }

  /**
   * Draws calls of these directions.
   *
   * @param directions forward calls, gradients or both
   * @return the changed copy
   */
  public Parity directions(Direction... directions) {
    List<Direction> some = List.of(Require.present("directions", directions));
    return with(old -> old.ofDirections(some));
  }

  /**
   * Gives calls no other special numbers than these; without a call of this method all of them.
   *
   * @param specials those that are wanted, none for ordinary numbers only
   * @return the changed copy
   */
  public Parity specials(Special... specials) {
    Set<Special> some = Set.of(Require.present("specials", specials));
    return with(old -> old.ofSpecials(some));
  }

  /**
   * Draws small tensors, for what is slow.
   *
   * @return the changed copy
   */
  public Parity small() {
    return limits(RandomCases.Limits.SMALL);
  }

  Parity limits(RandomCases.Limits limits) {
    return with(old -> old.ofLimits(limits));
  }

  /**
   * Draws from so many combinations of operator, window, type, layout and results, for what
   * compiles each; there are two at least of each operator.
   *
   * @param templates how many, at least 1
   * @return the changed copy
   */
  public Parity templates(int templates) {
    Require.atLeast("templates", templates, 1);
    return limits(new RandomCases.Limits(space.limits().work(), templates));
  }

  /**
   * Draws so many calls for each device: 200 if nothing is said, 12 of each seed if there is a
   * time.
   *
   * @param count how many, at least 1
   * @return the changed copy
   */
  public Parity cases(int count) {
    Require.atLeast("cases", count, 1);
    return new Parity(space, repeated, count, seed, seconds, progress);
  }

  /**
   * Draws other calls; the same seed draws the same ones. It is 1 if nothing is said.
   *
   * @param number any number
   * @return the changed copy
   */
  public Parity seed(long number) {
    return new Parity(space, repeated, cases, number, seconds, progress);
  }

  /**
   * Goes on from seed to seed until a time is over, on each device.
   *
   * @param time how long, in seconds, above 0
   * @return the changed copy
   */
  public Parity seconds(double time) {
    Require.that(time > 0, "seconds are %s, but must be above 0", time);
    return new Parity(space, repeated, cases, seed, time, progress)
        .templates(Math.min(TEMPLATES_OF_A_SEED, space.limits().templates()));
  }

  /**
   * Tells somebody how far it is.
   *
   * @param listener who is told
   * @return the changed copy
   */
  public Parity progress(ParityProgress listener) {
    Require.present("listener", listener);
    return new Parity(space, repeated, cases, seed, seconds, listener);
  }

  /**
   * The calls that a check would begin with, to be run by something else, such as a parameterized
   * test: {@link #check(Case, Pooling, Pooling, Preference)} checks one.
   *
   * @return as many calls as {@link #cases(int)} says
   */
  public List<Case> draw() {
    if (!repeated.isEmpty()) {
      return repeated;
    }
    RandomCases random = new RandomCases(seed, space);
    List<Case> drawn = new ArrayList<>();
    for (int i = 0; i < casesOfASeed(); i++) {
      drawn.add(random.next());
    }
    return drawn;
  }

  private int casesOfASeed() {
    return cases > 0 ? cases : seconds > 0 ? CASES_OF_A_SEED : USUAL_CASES;
  }

  /**
   * Checks devices, or backends of the user's own ({@link Pooling#over}).
   *
   * @param devices what is compared with the reference, at least one
   * @return what was found
   * @throws IllegalArgumentException if no random call can be as it must
   */
  public ParityReport check(Pooling... devices) {
    List<Pooling> some = List.of(Require.present("devices", devices));
    Require.that(!some.isEmpty(), "devices are [], but there must be one at least");
    try (Pooling reference = Pooling.open(DevicePolicy.REFERENCE)) {
      ParityRun.Options options =
          new ParityRun.Options(space, repeated, casesOfASeed(), seed, seconds);
      return ParityRun.run(reference, some, options, progress);
    }
  }

  /**
   * Checks a function of the user's own. It is asked for everything that may be drawn, so say which
   * operators, types, layouts and directions it computes; and for indices where the operator has
   * some.
   *
   * @param function computes what the operator should
   * @return what was found
   * @throws IllegalArgumentException if no random call can be as it must
   */
  public ParityReport check(PoolFunction function) {
    try (Pooling pooling =
        Pooling.over(FunctionBackend.of(Require.present("function", function)))) {
      return check(pooling);
    }
  }

  /**
   * Compares one call on two devices. Where the other one flushes subnormals, none are given, and
   * subnormal results count as zero.
   *
   * @param subject the call
   * @param reference what is right
   * @param other what is compared with it
   * @param preference which implementation and work-group size it must use
   * @return what was found; a failure to compute is a difference, in the words of its exception
   * @throws IllegalArgumentException if the operator does not fit the shape
   */
  public static Outcome check(
      Case subject, Pooling reference, Pooling other, Preference preference) {
    Require.present("subject", subject);
    Require.present("reference", reference);
    Require.present("other", other);
    Require.present("preference", preference);
    return new Comparison(subject, reference, other.keepsSubnormals()).check(other, preference);
  }
}
