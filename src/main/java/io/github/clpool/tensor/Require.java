package io.github.clpool.tensor;

import java.util.Arrays;
import java.util.Locale;

/** Argument checks with one wording: the parameter, its value and the rule. Stateless. */
public final class Require {
  private Require() {}

  /**
   * Refuses an argument that breaks a rule.
   *
   * @param holds whether the rule holds
   * @param format a {@link String#format} text that names parameter, value and rule
   * @param values the values of the text, of which long ones are cut
   * @throws IllegalArgumentException if the rule does not hold
   */
  public static void that(boolean holds, String format, Object... values) {
    if (!holds) {
      Object[] shown = values.clone();
      Arrays.setAll(shown, i -> shown[i] instanceof Number ? shown[i] : Excerpt.of(shown[i]));
      throw new IllegalArgumentException(String.format(Locale.ROOT, format, shown));
    }
  }

  /**
   * Refuses an integer below its minimum.
   *
   * @param parameter the parameter's name
   * @param value its value
   * @param minimum the least legal value
   * @return the value
   * @throws IllegalArgumentException if the value is below the minimum
   */
  public static long atLeast(String parameter, long value, long minimum) {
    that(value >= minimum, "%s is %d, but must be at least %d", parameter, value, minimum);
    return value;
  }

  /**
   * Refuses null.
   *
   * @param <T> the value's type
   * @param parameter the parameter's name
   * @param value its value
   * @return the value
   * @throws IllegalArgumentException if the value is null
   */
  public static <T> T present(String parameter, T value) {
    if (value == null) {
      throw new IllegalArgumentException(parameter + " is null, but must be given");
    }
    return value;
  }
}
