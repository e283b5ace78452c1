package io.github.clpool.op;

import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Tensor;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * What an operator is given: the tensor to pool, and what the operator needs besides. Immutable;
 * each method returns a changed copy. The tensors stay the caller's.
 */
public final class Inputs {
  private final Map<Role, Tensor> tensors;
  private final RandomKey key;

  private Inputs(Map<Role, Tensor> tensors, RandomKey key) {
    this.tensors = Collections.unmodifiableMap(tensors);
    this.key = key;
  }

  /**
   * Only the tensor to pool.
   *
   * @param x the tensor
   * @return the inputs
   */
  public static Inputs of(Tensor x) {
    Require.present("x", x);
    return new Inputs(new EnumMap<>(Map.of(Role.INPUT, x)), null);
  }

  /**
   * Adds importance logits.
   *
   * @param logits of the shape, layout and type of x
   * @return the changed copy
   */
  public Inputs logits(Tensor logits) {
    return with(Role.LOGITS, logits);
  }

  /**
   * Adds the reduction's learned parameter.
   *
   * @param weights in the computing type of x
   * @return the changed copy
   */
  public Inputs weights(Tensor weights) {
    return with(Role.WEIGHTS, weights);
  }

  /**
   * Adds the samples that place fractional regions.
   *
   * @param samples uniform numbers in [0, 1), in the computing type of x
   * @return the changed copy
   */
  public Inputs samples(Tensor samples) {
    return with(Role.SAMPLES, samples);
  }

  /**
   * Adds regions of interest, as PyTorch lists them.
   *
   * @param rois for each region a row of batch index, x1, y1, x2, y2, in the computing type of x
   * @return the changed copy
   */
  public Inputs rois(Tensor rois) {
    return with(Role.ROIS, rois);
  }

  /**
   * Adds regions of interest, as ONNX lists them.
   *
   * @param rois for each region a row of x1, y1, x2, y2, in the computing type of x
   * @param batchIndices for each region its batch index, INT32
   * @return the changed copy
   */
  public Inputs rois(Tensor rois, Tensor batchIndices) {
    return with(Role.ROIS, rois).with(Role.BATCH_INDICES, batchIndices);
  }

  /**
   * Adds the cells that the values of an unpooling go to.
   *
   * @param positions flat indices in the output's plane, INT32, of the shape and layout of x
   * @return the changed copy
   */
  public Inputs positions(Tensor positions) {
    return with(Role.POSITIONS, positions);
  }

  /**
   * Adds the graphs whose nodes are pooled, their adjacency matrix in rows (CSR).
   *
   * @param graphPointers for each graph its first node, and the number of nodes, INT32
   * @param rowPointers for each node its first entry, and the number of entries, INT32
   * @param columns the column of each entry, INT32, ascending in each row
   * @param adjacency the value of each entry, in the type of x
   * @return the changed copy
   */
  public Inputs graphs(Tensor graphPointers, Tensor rowPointers, Tensor columns, Tensor adjacency) {
    return with(Role.GRAPH_POINTERS, graphPointers)
        .with(Role.ROW_POINTERS, rowPointers)
        .with(Role.COLUMNS, columns)
        .with(Role.ADJACENCY, adjacency);
  }

  /**
   * Adds pairwise weights of nodes, a matrix in rows (CSR) without diagonal.
   *
   * @param rowPointers for each node its first entry, and the number of entries, INT32
   * @param columns the column of each entry, INT32, ascending in each row
   * @param weights the value of each entry, in the type of x
   * @return the changed copy
   */
  public Inputs pairs(Tensor rowPointers, Tensor columns, Tensor weights) {
    return with(Role.PAIR_POINTERS, rowPointers)
        .with(Role.PAIR_COLUMNS, columns)
        .with(Role.PAIRS, weights);
  }

  /**
   * Adds how compatible clusters are with each other.
   *
   * @param matrix a square matrix with a row for each cluster, in the computing type of x
   * @return the changed copy
   */
  public Inputs compatibility(Tensor matrix) {
    return with(Role.COMPATIBILITY, matrix);
  }

  /**
   * Adds a tensor in any role.
   *
   * @param role what it is to the operator
   * @param tensor the tensor
   * @return the changed copy
   */
  public Inputs with(Role role, Tensor tensor) {
    Map<Role, Tensor> copy = new EnumMap<>(tensors);
    copy.put(Require.present("role", role), Require.present(role.words(), tensor));
    return new Inputs(copy, key);
  }

  /**
   * Adds the key of the random draw.
   *
   * @param randomKey the key
   * @return the changed copy
   */
  public Inputs key(RandomKey randomKey) {
    return new Inputs(tensors, Require.present("key", randomKey));
  }

  /**
   * The tensor to pool.
   *
   * @return x
   */
  public Tensor x() {
    return tensors.get(Role.INPUT);
  }

  /**
   * All tensors.
   *
   * @return an unmodifiable map that holds {@link Role#INPUT} and what was added
   */
  public Map<Role, Tensor> tensors() {
    return tensors;
  }

  /**
   * The key of the random draw.
   *
   * @return the key, if one was given
   */
  public Optional<RandomKey> key() {
    return Optional.ofNullable(key);
  }
}
