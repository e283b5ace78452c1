package io.github.clpool.op;

import io.github.clpool.tensor.Require;
import java.util.Locale;

/** What a tensor is to an operator. Immutable. */
public enum Role {
  /** The tensor that is pooled. */
  INPUT,
  /** The pooled tensor. */
  OUTPUT,
  /**
   * For each output cell the flat index in its plane of the input cell that was selected, or -1.
   */
  INDICES,
  /** The gradient that comes in, of the output's shape. */
  GRAD_OUTPUT,
  /** The gradient of the input. */
  GRAD_INPUT,
  /** Importance logits, of the input's shape. */
  LOGITS,
  /** The gradient of the logits. */
  GRAD_LOGITS,
  /** A learned parameter of the reduction (alpha, gate weights, exponent). */
  WEIGHTS,
  /** The gradient of the parameter. */
  GRAD_WEIGHTS,
  /** Uniform samples that place fractional regions. */
  SAMPLES,
  /** The batch index of each region of interest, where it is not among the region's numbers. */
  BATCH_INDICES,
  /** Regions of interest. */
  ROIS,
  /** For each input cell the flat index in its plane of the output cell that it goes to, or -1. */
  POSITIONS,
  /** For each plane 1 if its maxima were chosen by chance, 0 if its averages. */
  CHOICE,
  /** For each graph its first node, and the number of nodes at the end. */
  GRAPH_POINTERS,
  /**
   * For each node the first entry of its row of the adjacency matrix, and the number of entries.
   */
  ROW_POINTERS,
  /** The columns of the adjacency matrix' entries, ascending in each row. */
  COLUMNS,
  /** The values of the adjacency matrix' entries. */
  ADJACENCY,
  /** As row pointers, of the matrix of pairwise weights. */
  PAIR_POINTERS,
  /** As columns, of the matrix of pairwise weights. */
  PAIR_COLUMNS,
  /** The pairwise weights. */
  PAIRS,
  /** How compatible clusters are with each other, a square matrix. */
  COMPATIBILITY,
  /** How much each node belongs to each cluster. */
  ASSIGNMENT,
  /** The adjacency matrices of the clusters, one for each graph. */
  POOLED_ADJACENCY,
  /** The gradient of the assignment, which comes in. */
  GRAD_ASSIGNMENT,
  /** The gradient of the pooled adjacency matrices, which comes in. */
  GRAD_POOLED_ADJACENCY,
  /** The gradient of the adjacency matrix' values. */
  GRAD_ADJACENCY,
  /** The gradient of the pairwise weights. */
  GRAD_PAIRS,
  /** The gradient of the compatibilities. */
  GRAD_COMPATIBILITY;

  private final String words = name().toLowerCase(Locale.ROOT).replace('_', ' ');

  /**
   * The role as messages name it.
   *
   * @return lower-case words
   */
  public String words() {
    return words;
  }

  /**
   * Whether a call writes such a tensor.
   *
   * @param direction which way the call runs
   * @return true for outputs and gradients of inputs, and forward for indices
   */
  public boolean isResult(Direction direction) {
    Require.present("direction", direction);
    return switch (this) {
      case OUTPUT,
          ASSIGNMENT,
          POOLED_ADJACENCY,
          GRAD_INPUT,
          GRAD_LOGITS,
          GRAD_WEIGHTS,
          GRAD_ADJACENCY,
          GRAD_PAIRS,
          GRAD_COMPATIBILITY ->
          true;
      case INDICES, CHOICE -> direction == Direction.FORWARD;
      default -> false;
    };
  }
}
