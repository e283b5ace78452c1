package io.github.clpool.parity;

import io.github.clpool.Pooling;
import io.github.clpool.backend.Lifetime;
import io.github.clpool.backend.Preference;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Producer;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * One case with its data and the reference's answer, to be compared with any number of other
 * answers. Immutable; thread-safe as far as the devices are.
 */
final class Comparison {
  private static final int SHOWN = 5;
  private static final double POISON = -12345;
  private static final double OTHER_POISON = 23456;

  private final Case subject;
  private final Problem problem;
  private final boolean subnormals;
  private final Map<Role, Elements> given = new EnumMap<>(Role.class);
  private final Map<Role, Elements> expected;

  /**
   * Draws the data and asks the reference.
   *
   * @param subject the case
   * @param reference what is right
   * @param subnormals whether float subnormals are drawn and told from zero
   * @throws IllegalArgumentException if the operator does not fit the shape
   */
  Comparison(Case subject, Pooling reference, boolean subnormals) {
    this.subject = subject;
    this.problem = subject.problem();
    this.subnormals = subnormals;
    Map<Role, Elements> kept =
        subject.kept().isEmpty()
            ? Map.of()
            : new Comparison(subject.forward(), reference, subnormals).expected;
    for (Map.Entry<Role, Shape> argument : problem.arguments().entrySet()) {
      Role role = argument.getKey();
      if (subject.kept().contains(role)) {
        given.put(role, kept.get(role));
      } else if (!isResult(role) || subject.accumulate()) {
        given.put(role, TestInputs.elements(subject, role, argument.getValue(), subnormals));
      }
    }
    this.expected = compute(reference, POISON);
  }

  /**
   * Compares one device with the reference's answer.
   *
   * @param other the device
   * @param preference which implementation and work-group size it must use
   * @return what was found; a failure to compute is a difference, in the words of its exception
   */
  Outcome check(Pooling other, Preference preference) {
    Pooling wished = other.with(preference);
    Producer producer =
        new Producer(
            other.selection().backend(),
            other.selection().device(),
            preference.implementation().orElse("none"));
    try {
      producer = wished.choose(problem);
      preference.implementation().ifPresent(new Wish(producer)::check);
      return compare(producer, preference, compute(wished, OTHER_POISON));
    } catch (RuntimeException failed) {
      return new Outcome(subject, producer, preference, 0, 0, List.of("failed: " + failed));
    }
  }

  /** Holds a producer against the implementation that was asked for. */
  private record Wish(Producer producer) {
    void check(String implementation) {
      if (!producer.implementation().equals(implementation)) {
        throw new IllegalStateException(
            "implementation '" + implementation + "' was asked for, but this ran: " + producer);
      }
    }
  }

  private boolean isResult(Role role) {
    return role.isResult(subject.direction());
  }

  private DataType type(Role role) {
    return subject.operator().typeOf(role, subject.type());
  }

  private Map<Role, Elements> compute(Pooling pooling, double poison) {
    Map<Role, Tensor> tensors = new EnumMap<>(Role.class);
    try {
      problem
          .arguments()
          .forEach((role, shape) -> tensors.put(role, upload(pooling, role, poison)));
      pooling.compute(
          subject.operator(), subject.direction(), tensors, subject.key(), subject.accumulate());
      Map<Role, Elements> results = new EnumMap<>(Role.class);
      for (Map.Entry<Role, Tensor> entry : tensors.entrySet()) {
        if (isResult(entry.getKey())) {
          Tensor tensor = entry.getValue();
          Elements read = Elements.room(tensor.type(), tensor.shape());
          tensor.read(read.buffer());
          results.put(entry.getKey(), read);
        }
      }
      return results;
    } finally {
      Lifetime.freeAll(tensors.values(), Tensor::close);
    }
  }

  private Tensor upload(Pooling pooling, Role role, double poison) {
    Shape shape = problem.arguments().get(role);
    Elements elements = given.get(role);
    if (elements == null) {
      elements = Elements.poison(type(role), shape, poison);
    }
    return pooling.tensor(shape, subject.layout(), type(role), elements.buffer());
  }

  private Outcome compare(Producer producer, Preference preference, Map<Role, Elements> results) {
    long compared = 0;
    long mismatches = 0;
    List<String> differences = new ArrayList<>();
    for (Map.Entry<Role, Elements> entry : results.entrySet()) {
      Elements right = expected.get(entry.getKey());
      Elements found = entry.getValue();
      compared += found.count();
      for (int i = 0; i < found.count(); i++) {
        if (!right.same(i, found, subnormals)) {
          if (mismatches++ < SHOWN) {
            differences.add(difference(entry.getKey(), i, right.text(i), found.text(i)));
          }
        }
      }
    }
    return new Outcome(subject, producer, preference, compared, mismatches, differences);
  }

  private String difference(Role role, int i, String right, String found) {
    return role + " " + place(role, i) + " is " + found + ", but must be " + right;
  }

  /** The logical position of an element given by its place in memory. */
  private String place(Role role, int i) {
    Shape shape = problem.arguments().get(role);
    if (!shape.hasPlanes()) {
      return "[" + i + "]";
    }
    for (long n = 0; n < shape.n(); n++) {
      for (long c = 0; c < shape.c(); c++) {
        long cell = i - subject.layout().planeOffset(shape, n, c);
        long step = subject.layout().cellStride(shape);
        if (cell >= 0 && cell % step == 0 && cell / step < shape.planeSize()) {
          long flat = cell / step;
          long h = flat / shape.w() % shape.h();
          long d = flat / shape.w() / shape.h();
          return "[n=" + n + " c=" + c + " d=" + d + " h=" + h + " w=" + flat % shape.w() + "]";
        }
      }
    }
    return "[" + i + "]";
  }
}
