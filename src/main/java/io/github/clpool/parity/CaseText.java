package io.github.clpool.parity;

import io.github.clpool.op.Direction;
import io.github.clpool.op.Operators;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Excerpt;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Shape;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Cases as texts, and back. Stateless. */
final class CaseText {
  private static final String NONE = "none";

  private CaseText() {}

  static Case parse(String text) {
    String[] parts = text.trim().split("\\s+on\\s+", 2);
    Require.that(
        parts.length == 2,
        "case is '%s', but must be an operator, 'on', a shape and options",
        text);
    String[] words = parts[1].split("\\s+");
    Case result =
        new Case(
            Operators.parse(parts[0]),
            Shape.parse(words[0]),
            Layout.NCHW,
            DataType.FLOAT32,
            Direction.FORWARD,
            false,
            false,
            Recipe.UNIFORM,
            0);
    for (String word : Arrays.asList(words).subList(1, words.length)) {
      result = with(result, word);
    }
    return result;
  }

  private static Case with(Case before, String word) {
    String[] pair = word.split("=", 2);
    return switch (pair.length == 1 ? word : pair[0] + "=") {
      case "NCHW", "NHWC" -> before.withLayout(Layout.valueOf(word));
      case "FLOAT16", "BFLOAT16", "FLOAT32", "FLOAT64", "UINT8", "INT8" ->
          before.withType(DataType.valueOf(word));
      case "indices" -> before.withDirection(Direction.FORWARD, true, false);
      case "backward" -> before.withDirection(Direction.BACKWARD, false, false);
      case "accumulate" -> before.withDirection(Direction.BACKWARD, false, true);
      case "data=" -> before.withData(recipe(pair[1]), before.seed());
      case "seed=" -> before.withData(before.recipe(), number(pair[1]));
      case "specials=" -> before.withData(before.recipe(), before.seed(), specials(pair[1]));
      default ->
          throw new IllegalArgumentException(
              "case option is '"
                  + Excerpt.of(word)
                  + "', but must be a layout, a type, indices, backward, accumulate, data=...,"
                  + " seed=... or specials=...");
    };
  }

  private static long number(String word) {
    try {
      return Long.parseLong(word);
    } catch (NumberFormatException unknown) {
      throw new IllegalArgumentException(
          "seed is '" + Excerpt.of(word) + "', but must be a number below 2^63", unknown);
    }
  }

  private static Set<Special> specials(String words) {
    Set<Special> specials = EnumSet.noneOf(Special.class);
    for (String word : words.equals(NONE) ? new String[0] : words.split(",")) {
      try {
        specials.add(Special.valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_')));
      } catch (IllegalArgumentException unknown) {
        throw new IllegalArgumentException(
            "specials are '"
                + Excerpt.of(words)
                + "', but must be none or some of "
                + Arrays.toString(Special.values())
                + " with commas between them",
            unknown);
      }
    }
    return specials;
  }

  private static Recipe recipe(String word) {
    try {
      return Recipe.valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    } catch (IllegalArgumentException unknown) {
      throw new IllegalArgumentException(
          "data is '"
              + Excerpt.of(word)
              + "', but must be one of "
              + Arrays.toString(Recipe.values()),
          unknown);
    }
  }

  static String of(Case call) {
    String way =
        call.direction() == Direction.FORWARD
            ? call.indices() ? " indices" : ""
            : call.accumulate() ? " accumulate" : " backward";
    return call.operator()
        + " on "
        + call.shape()
        + " "
        + call.layout()
        + " "
        + call.type()
        + way
        + " data="
        + word(call.recipe())
        + " seed="
        + call.seed()
        + (call.specials().equals(Case.EVERY) ? "" : " specials=" + words(call.specials()));
  }

  private static String words(Set<Special> specials) {
    return specials.isEmpty()
        ? NONE
        : specials.stream().sorted().map(CaseText::word).collect(Collectors.joining(","));
  }

  private static String word(Enum<?> name) {
    return name.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
