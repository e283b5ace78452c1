package io.github.clpool.cli;

import io.github.clpool.files.FileIdentity;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.Require;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The files of a job by what they hold; each option names one. */
final class RoleFiles {
  private final Map<Role, Path> files = new EnumMap<>(Role.class);

  @Mixin private final GraphFiles graphs = new GraphFiles(files);

  @Option(names = "--input", paramLabel = "FILE", description = "The array to pool (.npy).")
  void input(Path file) {
    files.put(Role.INPUT, file);
  }

  @Option(names = "--logits", paramLabel = "FILE", description = "Importance logits.")
  void logits(Path file) {
    files.put(Role.LOGITS, file);
  }

  @Option(names = "--weights", paramLabel = "FILE", description = "The operator's parameter.")
  void weights(Path file) {
    files.put(Role.WEIGHTS, file);
  }

  @Option(
      names = "--samples",
      paramLabel = "FILE",
      description = "Uniform samples that place fractional regions.")
  void samples(Path file) {
    files.put(Role.SAMPLES, file);
  }

  @Option(
      names = "--rois",
      paramLabel = "FILE",
      description = "Regions of interest: rows of batch index, x1, y1, x2, y2.")
  void rois(Path file) {
    files.put(Role.ROIS, file);
  }

  @Option(
      names = "--batch-indices",
      paramLabel = "FILE",
      description = "The regions' batch indices, where --rois has rows of x1, y1, x2, y2.")
  void batchIndices(Path file) {
    files.put(Role.BATCH_INDICES, file);
  }

  @Option(
      names = "--positions",
      paramLabel = "FILE",
      description = "The cells that an unpooling puts its values into.")
  void positions(Path file) {
    files.put(Role.POSITIONS, file);
  }

  @Option(names = "--output", paramLabel = "FILE", description = "Takes the pooled array.")
  void output(Path file) {
    files.put(Role.OUTPUT, file);
  }

  @Option(names = "--indices", paramLabel = "FILE", description = "Takes the selected cells.")
  void indices(Path file) {
    files.put(Role.INDICES, file);
  }

  @Option(
      names = "--choice",
      paramLabel = "FILE",
      description = "Takes what a random mix chose: 1 for the maxima of a plane, 0 for averages.")
  void choice(Path file) {
    files.put(Role.CHOICE, file);
  }

  @Option(names = "--grad-output", paramLabel = "FILE", description = "The output's gradient.")
  void gradOutput(Path file) {
    files.put(Role.GRAD_OUTPUT, file);
  }

  @Option(names = "--grad-input", paramLabel = "FILE", description = "Takes the input's gradient.")
  void gradInput(Path file) {
    files.put(Role.GRAD_INPUT, file);
  }

  @Option(names = "--grad-logits", paramLabel = "FILE", description = "Takes the logits' gradient.")
  void gradLogits(Path file) {
    files.put(Role.GRAD_LOGITS, file);
  }

  @Option(
      names = "--grad-weights",
      paramLabel = "FILE",
      description = "Takes the parameter's gradient.")
  void gradWeights(Path file) {
    files.put(Role.GRAD_WEIGHTS, file);
  }

  boolean isEmpty() {
    return files.isEmpty();
  }

  boolean has(Role role) {
    return files.containsKey(role);
  }

  Path get(Role role) {
    return files.get(role);
  }

  Set<Role> roles() {
    return files.keySet();
  }

  /** Those of some roles that have a file; a new set. */
  Set<Role> among(Set<Role> some) {
    Set<Role> both = EnumSet.noneOf(Role.class);
    both.addAll(some);
    both.retainAll(files.keySet());
    return both;
  }

  void check(Role role) {
    Require.that(files.containsKey(role), "option %s is missing", option(role));
  }

  /** Makes sure that the file of a result is no other option's file, by any spelling. */
  void checkOwnFile(Role result) {
    files.forEach(
        (role, file) ->
            Require.that(
                role == result || !FileIdentity.isSame(files.get(result), file),
                "options %s and %s name the same file %s, but results need files of their own",
                option(result),
                option(role),
                file));
  }

  /** The option that names a role's file. */
  static String option(Role role) {
    return "--" + role.words().replace(' ', '-');
  }
}
