package io.github.clpool.op;

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
  CHOICE;

  /**
   * The role as messages name it.
   *
   * @return lower-case words
   */
  public String words() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /**
   * Whether a call writes such a tensor.
   *
   * @param direction which way the call runs
   * @return true for outputs and gradients of inputs, and forward for indices
   */
  public boolean isResult(Direction direction) {
    return switch (this) {
      case OUTPUT, GRAD_INPUT, GRAD_LOGITS, GRAD_WEIGHTS -> true;
      case INDICES, CHOICE -> direction == Direction.FORWARD;
      default -> false;
    };
  }
}
