package io.github.clpool;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.clpool.op.Inputs;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Operators;
import io.github.clpool.op.RandomKey;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.Shape;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;

/**
 * A call that PyTorch lacks and its formula in PyTorch, in FLOAT64: outputs, and the gradients of
 * all inputs by autograd.
 *
 * @param call the operator's text
 * @param shapes the tensors that it takes
 * @param ranges where their numbers are drawn from, if not from -2 to 2
 * @param formula the output
 */
record LibtorchFormula(
    String call,
    Map<Role, Shape> shapes,
    Map<Role, double[]> ranges,
    Function<Map<Role, Tensor>, Tensor> formula) {
  static final long SEED = 11;
  static final RandomKey KEY = new RandomKey(SEED, 3);
  private static final double ERROR = 1e-12;

  LibtorchFormula(
      String call, Map<Role, Shape> shapes, Function<Map<Role, Tensor>, Tensor> formula) {
    this(call, shapes, Map.of(), formula);
  }

  /** The same with a parameter. */
  LibtorchFormula with(Role role, Shape shape) {
    Map<Role, Shape> more = new EnumMap<>(shapes);
    more.put(role, shape);
    return new LibtorchFormula(call, more, ranges, formula);
  }

  /** The same with the numbers of a tensor in a range. */
  LibtorchFormula between(double least, double most, Role role) {
    Map<Role, double[]> more = new EnumMap<>(Role.class);
    more.putAll(ranges);
    more.put(role, new double[] {least, most});
    return new LibtorchFormula(call, shapes, more, formula);
  }

  /** Checks some calls over random windows. */
  static void check(
      String device,
      int cases,
      BiFunction<RandomWindow, SplittableRandom, LibtorchFormula> formula) {
    SplittableRandom random = new SplittableRandom(SEED);
    try (Pooling pooling = TestDevices.open(device)) {
      for (int i = 0; i < cases; i++) {
        formula.apply(RandomWindow.draw(random), random).check(pooling, random);
      }
    }
  }

  private void check(Pooling pooling, SplittableRandom random) {
    Operator operator = Operators.parse(call);
    Map<Role, double[]> numbers = new EnumMap<>(Role.class);
    Map<Role, Tensor> theirs = new EnumMap<>(Role.class);
    shapes.forEach(
        (role, shape) -> {
          double[] range = ranges.getOrDefault(role, new double[] {-2, 2});
          double[] drawn = random.doubles(shape.elements(), range[0], range[1]).toArray();
          numbers.put(role, drawn);
          theirs.put(role, Tensor.create(drawn, shape.sizes()).set_requires_grad(true));
        });
    Tensor output = formula.apply(theirs);
    double[] g = random.doubles(output.numel(), -2, 2).toArray();
    output.backward(
        Tensor.create(g, output.shape()), new BoolOptional(), false, new TensorArrayRefOptional());
    Inputs inputs = null;
    for (Map.Entry<Role, double[]> entry : numbers.entrySet()) {
      Role role = entry.getKey();
      io.github.clpool.tensor.Tensor tensor = pooling.tensor(shapes.get(role), entry.getValue());
      inputs = inputs == null ? Inputs.of(tensor).key(KEY) : inputs.with(role, tensor);
    }
    try (Pass pass = pooling.forward(operator, inputs);
        io.github.clpool.tensor.Tensor gradOutput = pooling.tensor(pass.output().shape(), g);
        Gradients gradients = pass.gradients(gradOutput)) {
      String message = call + " on " + shapes.get(Role.INPUT) + ", seed " + SEED;
      assertClose(output, pass.output().toDoubles(), message);
      for (Role role : operator.gradients()) {
        Role of = Role.valueOf(role.name().replace("GRAD_", ""));
        assertClose(
            theirs.get(of).grad(), gradients.get(role).toDoubles(), role + " of " + message);
      }
    }
    inputs.tensors().values().forEach(io.github.clpool.tensor.Tensor::close);
  }

  private static void assertClose(Tensor theirs, double[] ours, String message) {
    double[] expected = new double[(int) theirs.numel()];
    new DoublePointer(theirs.contiguous().data_ptr()).get(expected);
    assertEquals(expected.length, ours.length, message);
    double scale = 1 + Arrays.stream(expected).map(Math::abs).max().orElse(0);
    for (int i = 0; i < ours.length; i++) {
      assertEquals(expected[i], ours[i], ERROR * scale, message + " at " + i);
    }
  }
}
