package io.github.clpool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class WordsTest {
  @Test
  void splitsAsAShellDoes() {
    assertEquals(List.of(), Words.split("  "));
    assertEquals(List.of("a", "b c", "d"), Words.split(" a \"b c\"\td "));
    assertEquals(List.of("", "a b'c"), Words.split("'' a' b'\"'\"c"));
    assertEquals(List.of("a b", "\"", "\\"), Words.split("a\\ b \"\\\"\" '\\'"));
    assertThrows(IllegalArgumentException.class, () -> Words.split("a 'b"));
  }
}
