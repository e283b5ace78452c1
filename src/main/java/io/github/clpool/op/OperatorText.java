package io.github.clpool.op;

import io.github.clpool.tensor.Excerpt;
import io.github.clpool.tensor.Require;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The words of an operator's text: a name, then {@code key=value} or {@code key}. */
final class OperatorText {
  final String name;
  final Map<String, String> values = new LinkedHashMap<>();
  private final String text;
  private final Set<String> known = new LinkedHashSet<>();
  private final List<String> used = new ArrayList<>();

  OperatorText(String text) {
    this.text = text;
    Iterator<String> words = Arrays.asList(text.trim().split("\\s+")).iterator();
    name = words.next();
    while (words.hasNext()) {
      String[] pair = words.next().split("=", 2);
      String old = values.put(pair[0], pair.length == 2 ? pair[1] : "");
      Require.that(old == null, "option '%s' is given twice", pair[0]);
    }
  }

  /** Allows options to be read: those that are listed for users. */
  void know(Collection<String> options) {
    known.addAll(options);
  }

  boolean has(String key) {
    if (!known.contains(key)) {
      throw new IllegalStateException("option '" + key + "' of " + name + " is listed nowhere");
    }
    return values.containsKey(key);
  }

  /** The value of an option, which must be there. */
  String text(String key) {
    Require.that(has(key), "%s is missing from operator '%s'", key, text);
    used.add(key);
    return values.get(key);
  }

  boolean flag(String key) {
    return has(key) && truth(key);
  }

  boolean truth(String key) {
    String value = text(key);
    Require.that(
        value.isEmpty() || value.equals("true") || value.equals("false"),
        "%s is '%s', but must be true or false",
        key,
        value);
    return !value.equals("false");
  }

  int number(String key) {
    int[] numbers = numbers(key);
    Require.that(numbers.length == 1, "%s is '%s', but must be one number", key, values.get(key));
    return numbers[0];
  }

  int[] numbers(String key) {
    return numbers(key, text(key));
  }

  /** One of the names of an enum. */
  <E extends Enum<E>> E word(String key, Class<E> names) {
    String value = text(key);
    for (E name : names.getEnumConstants()) {
      if (name.name().equals(value)) {
        return name;
      }
    }
    throw new IllegalArgumentException(
        key
            + " is '"
            + Excerpt.of(value)
            + "', but must be one of "
            + Arrays.toString(names.getEnumConstants()));
  }

  /** A number with a fraction, or {@code inf}. */
  double decimal(String key) {
    return decimal(key, text(key));
  }

  /** Such numbers joined by {@code x}. */
  double[] decimals(String key) {
    return Arrays.stream(text(key).split("x", -1)).mapToDouble(n -> decimal(key, n)).toArray();
  }

  /** A number with a fraction, as {@link #decimal} reads it; without one where it has none. */
  static String text(double number) {
    return number == Double.POSITIVE_INFINITY
        ? "inf"
        : number == (int) number ? "" + (int) number : "" + number;
  }

  private static double decimal(String key, String value) {
    try {
      return value.equals("inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(value);
    } catch (NumberFormatException notANumber) {
      throw new IllegalArgumentException(
          key + " is '" + Excerpt.of(value) + "', but must be a number", notANumber);
    }
  }

  /** Adds a choice if its word is there. */
  <R> void ifFlag(String key, R choice, List<R> chosen) {
    if (flag(key)) {
      chosen.add(choice);
    }
  }

  /** The choice whose text the value is. */
  <R> R oneOf(String key, R[] choices) {
    String value = text(key);
    for (R choice : choices) {
      if (choice.toString().equals(value)) {
        return choice;
      }
    }
    throw new IllegalArgumentException(
        key + " is '" + Excerpt.of(value) + "', but must be one of " + Arrays.toString(choices));
  }

  static int[] numbers(String key, String value) {
    String[] parts = value.split("x", -1);
    int[] numbers = new int[parts.length];
    for (int i = 0; i < parts.length; i++) {
      try {
        boolean kept = key.equals("adaptive") && parts[i].equals("KEEP");
        numbers[i] = kept ? Adaptive.KEEP : Integer.parseInt(parts[i]);
      } catch (NumberFormatException notANumber) {
        throw new IllegalArgumentException(
            key
                + " is '"
                + Excerpt.of(value)
                + "', but must be numbers joined by x, each below 2^31",
            notANumber);
      }
    }
    return numbers;
  }

  void checkAllUsed() {
    for (String key : values.keySet()) {
      Require.that(
          used.contains(key),
          "option '%s' does not belong to %s with these regions%s",
          key,
          name,
          question(key));
    }
  }

  /** What an option may have been meant to be: one that is known and not given. */
  private String question(String key) {
    return Nearest.question(key, known.stream().filter(each -> !values.containsKey(each)).toList());
  }

  /** The same for the first option that nobody knows. */
  String questionOfUnknown() {
    return values.keySet().stream()
        .filter(key -> !known.contains(key))
        .map(this::question)
        .filter(question -> !question.isEmpty())
        .findFirst()
        .orElse("");
  }

  @Override
  public String toString() {
    return text;
  }
}
