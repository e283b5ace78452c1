package io.github.clpool.cli;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Pass;
import io.github.clpool.Pooling;
import io.github.clpool.io.Npy;
import io.github.clpool.io.NpyArray;
import io.github.clpool.io.NpyTensors;
import io.github.clpool.op.Inputs;
import io.github.clpool.op.Operator;
import io.github.clpool.op.RandomKey;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
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

  @Option(names = "--input", paramLabel = "FILE", description = "The array to pool (.npy).")
  private Path input;

  @Option(names = "--output", paramLabel = "FILE", description = "Takes the pooled array.")
  private Path output;

  @Option(names = "--indices", paramLabel = "FILE", description = "Takes the selected cells.")
  private Path indices;

  @Option(
      names = "--index-base",
      paramLabel = "BASE",
      defaultValue = "plane",
      description =
          "Indices count in the 'plane' (<i4, as PyTorch) or in the 'tensor' (<i8, as ONNX)."
              + " Default: ${DEFAULT-VALUE}.")
  private IndexBase indexBase;

  @Option(names = "--grad-output", paramLabel = "FILE", description = "The output's gradient.")
  private Path gradOutput;

  @Option(names = "--grad-input", paramLabel = "FILE", description = "Takes the input's gradient.")
  private Path gradInput;

  @Option(names = "--seed", paramLabel = "N", description = "The seed of operators that draw.")
  private Long seed;

  @Option(
      names = "--layout",
      defaultValue = "NCHW",
      description = "The order of the arrays' axes: ${COMPLETION-CANDIDATES}. Default: NCHW.")
  private Layout layout;

  @Option(names = "--unbatched", description = "The arrays have no batch axis.")
  private boolean unbatched;

  @Option(
      names = "--type",
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
    return operator == null
        && Stream.of(input, output, indices, gradOutput, gradInput).allMatch(Objects::isNull);
  }

  DevicePolicy deviceOr(DevicePolicy other) {
    return device != null ? device : other;
  }

  /** Says what is missing or contradicts itself. */
  void check() {
    Require.that(operator != null, "OPERATOR is missing");
    Require.that(input != null, "option --input is missing");
    Require.that(
        (gradOutput == null) == (gradInput == null),
        "options --grad-output and --grad-input must be given together");
    Require.that(
        output != null || indices != null || gradInput != null,
        "there is nothing to write: --output, --indices or --grad-input must be given");
    Require.that(
        indices == null || operator.hasIndices(),
        "option --indices is given, but %s selects no cells",
        operator);
    long results = Stream.of(output, indices, gradInput).filter(Objects::nonNull).count();
    long distinct =
        Stream.of(output, indices, gradInput).filter(Objects::nonNull).distinct().count();
    Require.that(results == distinct, "two results would be written to the same file");
  }

  /**
   * Reads, computes everything, then writes.
   *
   * @return one line that says what was done
   */
  String run(Pooling pooling) throws IOException {
    Map<Path, NpyArray> results = new LinkedHashMap<>();
    String line;
    try (Tensor x = read(pooling, input)) {
      Inputs inputs = Inputs.of(x);
      inputs = seed == null ? inputs : inputs.key(RandomKey.of(seed));
      if (indices == null && gradInput == null) {
        try (Tensor y = pooling.run(operator, inputs)) {
          results.put(output, NpyTensors.array(y));
          line = line(x, y);
        }
      } else {
        try (Pass pass = pooling.forward(operator, inputs)) {
          line = line(x, pass.output());
          collect(pooling, pass, results);
        }
      }
    }
    for (Map.Entry<Path, NpyArray> result : results.entrySet()) {
      Npy.write(result.getKey(), result.getValue());
    }
    return line;
  }

  private void collect(Pooling pooling, Pass pass, Map<Path, NpyArray> results) throws IOException {
    if (gradInput != null) {
      try (Tensor gradient = read(pooling, gradOutput);
          Tensor dx = pass.backward(gradient)) {
        results.put(gradInput, NpyTensors.array(dx));
      }
    }
    if (output != null) {
      results.put(output, NpyTensors.array(pass.output()));
    }
    if (indices != null) {
      results.put(
          indices,
          indexBase == IndexBase.PLANE
              ? NpyTensors.array(pass.indices())
              : NpyTensors.array(pass.indices(), pass.indicesInTensor()));
    }
  }

  private Tensor read(Pooling pooling, Path file) throws IOException {
    NpyArray array = Npy.read(file);
    try {
      return NpyTensors.tensor(pooling, array, layout, !unbatched, Optional.ofNullable(type));
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
