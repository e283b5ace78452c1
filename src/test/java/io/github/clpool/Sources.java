package io.github.clpool;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Java programs of the documents, compiled as they stand there. */
final class Sources {
  private static final Pattern JAVA = Pattern.compile("(?ms)^```java\n(.*?)^```$");

  private Sources() {}

  /** The blocks of Java of a document. */
  static List<String> in(Path document) throws IOException {
    List<String> blocks =
        JAVA.matcher(Files.readString(document).replace("\r", ""))
            .results()
            .map(block -> block.group(1))
            .toList();
    assertTrue(!blocks.isEmpty(), () -> "no Java in " + document);
    return blocks;
  }

  /** Compiles a class against what the tests see; its class file lies in the folder then. */
  static void compile(Path folder, String name, String source) throws IOException {
    Path file = Files.writeString(folder.resolve(name + ".java"), source);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of(
              "-proc:none", "-cp", System.getProperty("java.class.path"), "-d", folder.toString());
      boolean compiled =
          compiler
              .getTask(messages, files, null, options, null, files.getJavaFileObjects(file))
              .call();
      assertTrue(compiled, messages::toString);
    }
  }
}
