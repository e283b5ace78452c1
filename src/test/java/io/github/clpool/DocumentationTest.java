package io.github.clpool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs that a page shows compile. */
class DocumentationTest {
  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  /** What a page's programs find around them. */
  private static final String PROGRAM =
      """
      import io.github.clpool.*;
      import io.github.clpool.backend.Preference;
      import io.github.clpool.op.*;
      import io.github.clpool.parity.*;
      import io.github.clpool.tensor.*;
      class Program%d {
        static class MyPool {
          static void max(float[] x, Shape shape, float[] y) {}
        }
        private Pooling reference;
        private Pooling device;
        void program() {
      %s
        }
      }
      """;

  @TempDir Path classes;

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(int number, String text) {
      super(URI.create("string:///Program" + number + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreErrors) {
      return text;
    }
  }

  @Test
  void programsOfPagesCompile() throws IOException {
    List<JavaFileObject> programs = new ArrayList<>();
    for (String page : List.of("docs/parity.md")) {
      Matcher program = JAVA.matcher(Files.readString(Path.of(page)));
      while (program.find()) {
        int number = programs.size();
        programs.add(new Source(number, PROGRAM.formatted(number, program.group(1))));
      }
    }
    assertEquals(3, programs.size());
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter errors = new StringWriter();
    List<String> options =
        List.of("-d", classes.toString(), "-cp", System.getProperty("java.class.path"));
    assertTrue(
        compiler.getTask(errors, null, null, options, null, programs).call(), errors::toString);
  }
}
