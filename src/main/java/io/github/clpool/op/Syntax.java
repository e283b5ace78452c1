package io.github.clpool.op;

import io.github.clpool.tensor.Require;
import java.util.List;

/**
 * A word of operators' texts and what may stand beside it; {@link Operators#syntax} lists them.
 * Immutable.
 *
 * @param word the word
 * @param kind where it stands
 * @param options what may stand beside it, as it may be written, such as {@code stride=2}
 * @param example a text with the word
 */
public record Syntax(String word, Kind kind, List<String> options, String example) {
  /** Where a word stands. */
  public enum Kind {
    /** First, and regions follow. */
    REDUCTION,
    /** Behind a reduction and its options. */
    REGIONS,
    /** First, and nothing but its options follows. */
    OPERATOR
  }

  /**
   * Checks that nothing is missing and copies the list.
   *
   * @param word the word
   * @param kind where it stands
   * @param options what may stand beside it
   * @param example a text with the word
   */
  public Syntax {
    Require.present("word", word);
    Require.present("kind", kind);
    options = List.copyOf(Require.present("options", options));
    Require.present("example", example);
  }

  /** The options' names. */
  List<String> names() {
    return options.stream().map(option -> option.split("=", 2)[0]).toList();
  }
}
