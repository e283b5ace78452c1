package io.github.clpool.cli;

import io.github.clpool.op.Role;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Option;

/** The files of a job on graphs by what they hold; each option names one. */
final class GraphFiles {
  private final Map<Role, Path> files;

  GraphFiles(Map<Role, Path> files) {
    this.files = files;
  }

  @Option(
      names = "--graph-pointers",
      paramLabel = "FILE",
      description = "The first node of each graph, and the number of nodes.")
  void graphPointers(Path file) {
    files.put(Role.GRAPH_POINTERS, file);
  }

  @Option(
      names = "--row-pointers",
      paramLabel = "FILE",
      description = "The first entry of each row of the adjacency matrix (CSR), and their number.")
  void rowPointers(Path file) {
    files.put(Role.ROW_POINTERS, file);
  }

  @Option(names = "--columns", paramLabel = "FILE", description = "The columns of its entries.")
  void columns(Path file) {
    files.put(Role.COLUMNS, file);
  }

  @Option(names = "--adjacency", paramLabel = "FILE", description = "The values of its entries.")
  void adjacency(Path file) {
    files.put(Role.ADJACENCY, file);
  }

  @Option(
      names = "--pair-pointers",
      paramLabel = "FILE",
      description = "As --row-pointers, of given pairwise weights.")
  void pairPointers(Path file) {
    files.put(Role.PAIR_POINTERS, file);
  }

  @Option(
      names = "--pair-columns",
      paramLabel = "FILE",
      description = "As --columns, of given pairwise weights.")
  void pairColumns(Path file) {
    files.put(Role.PAIR_COLUMNS, file);
  }

  @Option(names = "--pairs", paramLabel = "FILE", description = "Pairwise weights.")
  void pairs(Path file) {
    files.put(Role.PAIRS, file);
  }

  @Option(
      names = "--compatibility",
      paramLabel = "FILE",
      description = "The compatibility matrix of clusters.")
  void compatibility(Path file) {
    files.put(Role.COMPATIBILITY, file);
  }

  @Option(
      names = "--assignment",
      paramLabel = "FILE",
      description = "Takes the assignment of nodes to clusters.")
  void assignment(Path file) {
    files.put(Role.ASSIGNMENT, file);
  }

  @Option(
      names = "--pooled-adjacency",
      paramLabel = "FILE",
      description = "Takes the pooled adjacency matrices.")
  void pooledAdjacency(Path file) {
    files.put(Role.POOLED_ADJACENCY, file);
  }

  @Option(
      names = "--grad-assignment",
      paramLabel = "FILE",
      description = "The assignment's gradient.")
  void gradAssignment(Path file) {
    files.put(Role.GRAD_ASSIGNMENT, file);
  }

  @Option(
      names = "--grad-pooled-adjacency",
      paramLabel = "FILE",
      description = "The pooled adjacency matrices' gradient.")
  void gradPooledAdjacency(Path file) {
    files.put(Role.GRAD_POOLED_ADJACENCY, file);
  }

  @Option(
      names = "--grad-adjacency",
      paramLabel = "FILE",
      description = "Takes the gradient of the adjacency matrix' values.")
  void gradAdjacency(Path file) {
    files.put(Role.GRAD_ADJACENCY, file);
  }

  @Option(
      names = "--grad-pairs",
      paramLabel = "FILE",
      description = "Takes the pairwise weights' gradient.")
  void gradPairs(Path file) {
    files.put(Role.GRAD_PAIRS, file);
  }

  @Option(
      names = "--grad-compatibility",
      paramLabel = "FILE",
      description = "Takes the compatibility matrix' gradient.")
  void gradCompatibility(Path file) {
    files.put(Role.GRAD_COMPATIBILITY, file);
  }
}
