package io.github.clpool.cli;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Gradients;
import io.github.clpool.Pass;
import io.github.clpool.Pooling;
import io.github.clpool.io.Npy;
import io.github.clpool.io.NpyArray;
import io.github.clpool.io.NpyTensors;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Inputs;
import io.github.clpool.op.Operator;
import io.github.clpool.op.RandomKey;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** One operator on the arrays of files. */
final class Job {
  /** What an index counts. */
  enum IndexBase {
    /** The cells of a plane, as PyTorch. */
    PLANE,
    /** The elements of the tensor in order NCHW, as ONNX. */
    TENSOR
  }

  @Parameters(
      arity = "0..1",
      paramLabel = "OPERATOR",
      description = "Such as \"max window=3x3 stride=2 padding=1\".")
  private Operator operator;

  @Mixin private final RoleFiles files = new RoleFiles();

  @Option(
      names = "--index-base",
      paramLabel = "BASE",
      defaultValue = "plane",
      description =
          "Indices count in the 'plane' (<i4, as PyTorch) or in the 'tensor' (<i8, as ONNX)."
              + " Default: ${DEFAULT-VALUE}.")
  private IndexBase indexBase;

  @Option(names = "--seed", paramLabel = "N", description = "The seed of operators that draw.")
  private Long seed;

  @Option(
      names = "--layout",
      paramLabel = "LAYOUT",
      defaultValue = "NCHW",
      description = "The order of the arrays' axes: ${COMPLETION-CANDIDATES}. Default: NCHW.")
  private Layout layout;

  @Option(names = "--unbatched", description = "The arrays have no batch axis.")
  private boolean unbatched;

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description =
          "Convert the inputs to FLOAT16, BFLOAT16, FLOAT32 or FLOAT64 and pool them so. NumPy has"
              + " no bfloat16: its bits are read and written as <u2.")
  private DataType type;

  @Option(
      names = "--device",
      paramLabel = "NAME",
      description = "A part of a device's name, its index, auto, opencl, jvm or reference.")
  private DevicePolicy device;

  private Job() {}

  /** Makes an empty job, for the parser. */
  static Job empty() {
    return new Job();
  }

  boolean isEmpty() {
    return operator == null && files.isEmpty();
  }

  DevicePolicy deviceOr(DevicePolicy other) {
    return device != null ? device : other;
  }

  /** Says what is missing or contradicts itself. */
  void check() {
    Require.that(operator != null, "OPERATOR is missing");
    files.check(Role.INPUT);
    operator.parameters().forEach(files::check);
    Require.that(
        seed != null || !operator.draws(Direction.FORWARD, files.roles()),
        "option %s is missing, but %s draws random numbers",
        samplesWouldDo() ? "--seed or --samples" : "--seed",
        operator);
    Set<Role> gradients = files.among(operator.gradients());
    Require.that(
        files.has(Role.GRAD_OUTPUT) != gradients.isEmpty(),
        "options --grad-output and %s must be given together",
        operator.gradients().stream().map(RoleFiles::option).collect(Collectors.joining(" or ")));
    Set<Role> results = files.among(forwardResults());
    results.addAll(gradients);
    Require.that(
        !results.isEmpty(),
        "there is nothing to write: --output, --indices or --grad-input must be given");
    Require.that(
        !files.has(Role.INDICES) || operator.hasIndices(),
        "option --indices is given, but %s selects no cells",
        operator);
    Set<Role> known = EnumSet.of(Role.INPUT);
    known.addAll(operator.incomingGradients());
    known.addAll(operator.parameters());
    known.addAll(operator.optionalParameters());
    known.addAll(operator.gradients());
    known.addAll(forwardResults());
    for (Role role : files.roles()) {
      Require.that(
          known.contains(role),
          "option %s is given, but %s has none",
          RoleFiles.option(role),
          operator);
    }
    for (Role result : results) {
      files.checkOwnFile(result);
    }
  }

  private boolean samplesWouldDo() {
    return operator.optionalParameters().contains(Role.SAMPLES)
        && !operator.draws(Direction.FORWARD, EnumSet.of(Role.SAMPLES));
  }

  private Set<Role> forwardResults() {
    Set<Role> results = EnumSet.of(Role.INDICES);
    results.addAll(operator.results());
    return results;
  }

  /**
   * Reads, computes everything, then writes.
   *
   * @return one line that says what was done
   */
  String run(Pooling pooling) throws IOException {
    Map<Path, NpyArray> results = new LinkedHashMap<>();
    List<Tensor> given = new ArrayList<>();
    String line;
    try {
      Inputs inputs = inputs(pooling, given);
      if (files.among(forwardResults()).equals(Set.of(Role.OUTPUT))
          && files.among(operator.gradients()).isEmpty()) {
        try (Tensor y = pooling.run(operator, inputs)) {
          results.put(files.get(Role.OUTPUT), NpyTensors.array(y));
          line = line(inputs.x(), y);
        }
      } else {
        try (Pass pass = pooling.forward(operator, inputs)) {
          line = line(inputs.x(), pass.output());
          collect(pooling, pass, results);
        }
      }
    } finally {
      given.forEach(Tensor::close);
    }
    Npy.write(results);
    return line;
  }

  /** What the operator is given; the tensors are added to a list, to be closed. */
  private Inputs inputs(Pooling pooling, List<Tensor> given) throws IOException {
    Tensor x = read(pooling, files.get(Role.INPUT));
    given.add(x);
    Inputs inputs = Inputs.of(x);
    Set<Role> parameters = EnumSet.noneOf(Role.class);
    parameters.addAll(operator.parameters());
    parameters.addAll(operator.optionalParameters());
    for (Role role : files.among(parameters)) {
      Tensor parameter = readParameter(pooling, role, x);
      given.add(parameter);
      inputs = inputs.with(role, parameter);
    }
    return seed == null ? inputs : inputs.key(RandomKey.of(seed));
  }

  private void collect(Pooling pooling, Pass pass, Map<Path, NpyArray> results) throws IOException {
    if (files.has(Role.GRAD_OUTPUT)) {
      Map<Role, Tensor> incoming = new EnumMap<>(Role.class);
      try {
        for (Role role : files.among(operator.incomingGradients())) {
          incoming.put(role, read(pooling, files.get(role)));
        }
        try (Gradients gradients = pass.gradients(incoming)) {
          for (Role role : files.among(operator.gradients())) {
            results.put(files.get(role), NpyTensors.array(gradients.get(role)));
          }
        }
      } finally {
        incoming.values().forEach(Tensor::close);
      }
    }
    for (Role role : files.among(forwardResults())) {
      results.put(
          files.get(role),
          role == Role.INDICES && indexBase == IndexBase.TENSOR
              ? NpyTensors.array(pass.indices(), pass.indicesInTensor())
              : NpyTensors.array(pass.result(role)));
    }
  }

  /** Reads a tensor whose type, and whether it has planes, depends on the operator. */
  private Tensor readParameter(Pooling pooling, Role role, Tensor x) throws IOException {
    Path file = files.get(role);
    NpyArray array = Npy.read(file);
    DataType wanted = operator.typeOf(role, x.type());
    boolean planes = operator.poolsPlanes() && (role == Role.LOGITS || role == Role.POSITIONS);
    try {
      return planes
          ? NpyTensors.tensor(pooling, array, layout, !unbatched, Optional.of(wanted))
          : NpyTensors.parameter(pooling, array, wanted);
    } catch (IllegalArgumentException unfit) {
      throw new IllegalArgumentException(file + ": " + unfit.getMessage(), unfit);
    }
  }

  private Tensor read(Pooling pooling, Path file) throws IOException {
    NpyArray array = Npy.read(file);
    try {
      return operator.poolsPlanes()
          ? NpyTensors.tensor(pooling, array, layout, !unbatched, Optional.ofNullable(type))
          : NpyTensors.parameter(pooling, array, Optional.ofNullable(type));
    } catch (IllegalArgumentException unfit) {
      throw new IllegalArgumentException(file + ": " + unfit.getMessage(), unfit);
    }
  }

  private String line(Tensor x, Tensor y) {
    return operator
        + ": "
        + x
        + " -> "
        + y.shape()
        + y.producer().map(producer -> " by " + producer).orElse("");
  }
}
