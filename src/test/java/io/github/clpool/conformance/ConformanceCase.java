package io.github.clpool.conformance;

import com.google.gson.JsonObject;
import io.github.clpool.Pass;
import io.github.clpool.Pooling;
import io.github.clpool.io.NpyTensors;
import io.github.clpool.op.Inputs;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Operators;
import io.github.clpool.op.RandomKey;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A case that names its operator as a text of clpool. */
record ConformanceCase(JsonObject json) {
  /** Sums may be off by so much, beside the greatest number expected. */
  private static final double USUAL_TOLERANCE = 1e-5;

  private static final Set<String> EXACT = Set.of("max", "min", "max_unpool", "roi_pool");

  String name() {
    return json.get("suite").getAsString() + ": " + json.get("name").getAsString();
  }

  private String text(String key) {
    return json.has(key) && !json.get(key).isJsonNull() ? json.get(key).getAsString() : "";
  }

  boolean isExpressible() {
    return !json.has("inexpressible");
  }

  /** Whether it differs on purpose. */
  boolean isKnown() {
    return json.has("known");
  }

  ConformanceArray input() {
    return arrays("files").get(Role.INPUT);
  }

  private List<String> options() {
    return List.of(text("options").split(" "));
  }

  /** Whether few programs do for it and others like it. */
  boolean isUsual() {
    return layout() == Layout.NCHW && input().type().equals("f32");
  }

  /** Whether a device has the type. */
  boolean suits(Pooling pooling) {
    return !input().type().equals("f64") || pooling.refusal(DataType.FLOAT64).isEmpty();
  }

  private Layout layout() {
    return options().contains("NHWC") ? Layout.NHWC : Layout.NCHW;
  }

  private Map<Role, ConformanceArray> arrays(String key) {
    Map<Role, ConformanceArray> arrays = new EnumMap<>(Role.class);
    for (Role role : Role.values()) {
      String option = role.words().replace(' ', '-');
      if (json.getAsJsonObject(key).has(option)) {
        arrays.put(role, ConformanceArray.of(json.getAsJsonObject(key).getAsJsonObject(option)));
      }
    }
    if (arrays.size() != json.getAsJsonObject(key).size()) {
      throw new IllegalStateException(name() + " has an array of an unknown role: " + json);
    }
    return arrays;
  }

  /** What is wrong on a device, or an empty text. */
  String difference(Pooling pooling) {
    boolean fails = json.has("fails");
    try {
      String difference = computed(pooling);
      return fails ? "an error is expected: " + text("fails") : difference;
    } catch (IllegalArgumentException | IndexOutOfBoundsException refused) {
      return fails ? "" : refused.toString();
    }
  }

  private double tolerance(Operator operator) {
    String given = text("tol");
    if (given.isEmpty()) {
      return EXACT.contains(operator.name()) ? 0 : USUAL_TOLERANCE;
    }
    return Math.max(0, Double.parseDouble(given));
  }

  private String computed(Pooling pooling) {
    Operator operator = Operators.parse(text("text"));
    List<String> options = options();
    Layout layout = layout();
    boolean batched = !options.contains("--unbatched");
    Map<Role, ConformanceArray> files = arrays("files");
    Deque<Tensor> open = new ArrayDeque<>();
    try {
      Tensor x = planes(pooling, files.get(Role.INPUT), layout, batched);
      open.push(x);
      Inputs inputs = Inputs.of(x);
      for (Map.Entry<Role, ConformanceArray> file : files.entrySet()) {
        Role role = file.getKey();
        if (role == Role.POSITIONS) {
          Optional<DataType> type = Optional.of(DataType.INT32);
          open.push(NpyTensors.tensor(pooling, file.getValue().npy(), layout, batched, type));
          inputs = inputs.with(role, open.peek());
        } else if (operator.parameters().contains(role)) {
          open.push(
              NpyTensors.parameter(
                  pooling, file.getValue().npy(), operator.typeOf(role, x.type())));
          inputs = inputs.with(role, open.peek());
        }
      }
      inputs = options.contains("--seed") ? inputs.key(RandomKey.of(1)) : inputs;
      Pooling chosen = ConformanceFile.withFewPrograms(pooling, operator);
      try (Pass pass = chosen.forward(operator, inputs)) {
        return difference(pass, files.get(Role.GRAD_OUTPUT), pooling, open);
      }
    } finally {
      open.forEach(Tensor::close);
    }
  }

  private static Tensor planes(
      Pooling pooling, ConformanceArray array, Layout layout, boolean batched) {
    return NpyTensors.tensor(pooling, array.npy(), layout, batched, Optional.empty());
  }

  private String difference(
      Pass pass, ConformanceArray gradOutput, Pooling pooling, Deque<Tensor> open) {
    double tolerance = tolerance(pass.operator());
    for (Map.Entry<Role, ConformanceArray> expected : arrays("expect").entrySet()) {
      Role role = expected.getKey();
      ConformanceArray right = expected.getValue();
      Tensor found;
      if (role == Role.GRAD_INPUT) {
        ConformanceArray gradient =
            json.has("ones") ? ConformanceArray.ones(pass.output()) : gradOutput;
        boolean batched = pass.output().shape().isBatched();
        open.push(planes(pooling, gradient, pass.output().layout(), batched));
        found = pass.backward(open.peek());
        open.push(found);
      } else {
        found = role == Role.INDICES ? pass.indices() : pass.result(role);
      }
      List<Long> sizes = NpyTensors.sizes(found.shape(), found.layout());
      if (!right.sizes().equals(sizes)) {
        return "%s has sizes %s, but %s are expected".formatted(role, sizes, right.sizes());
      }
      String difference =
          role == Role.INDICES
              ? right.difference(Arrays.stream(found.toInts()).asDoubleStream().toArray(), 0)
              : right.difference(found.toDoubles(), tolerance);
      if (!difference.isEmpty()) {
        return role + " " + difference;
      }
    }
    return "";
  }
}
