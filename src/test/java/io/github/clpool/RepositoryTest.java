package io.github.clpool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What holds for every file of the repository. */
class RepositoryTest {
  private static final Set<String> NOT_OURS = Set.of(".git", ".idea", ".vscode", "build", "target");
  private static final Pattern TEXT =
      Pattern.compile(".*(\\.(java|clh?|md|xml|yml|c|cpp|h|txt|sim)|/ci/[^/.]+|/\\.ci/run)");

  /** Folders of somebody's machine, written so that this file does not match. */
  private static final Pattern MACHINE_PATH =
      Pattern.compile(
          "(?<![\\w.])/(work|home|root|Users)/\\w|/tmp/[w]t|[.][.]/shared|[.]m2/[r]epo");

  private static List<Path> texts() throws IOException {
    List<Path> texts = new ArrayList<>();
    Path root = Path.of("").toAbsolutePath();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return !folder.equals(root) && NOT_OURS.contains(folder.getFileName().toString())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (TEXT.matcher(file.toString().replace('\\', '/')).matches()) {
              texts.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    assertTrue(texts.size() > 50, () -> "found only " + texts);
    return texts;
  }

  @Test
  void noFileNamesAFolderOfOneMachine() throws IOException {
    Set<String> wrong = new TreeSet<>();
    for (Path file : texts()) {
      Files.readString(file, StandardCharsets.UTF_8)
          .lines()
          .filter(line -> MACHINE_PATH.matcher(line).find())
          .forEach(line -> wrong.add(file + ": " + line.strip()));
    }
    assertEquals(Set.of(), wrong);
  }

  @Test
  void everyKernelFileIsAResource() throws IOException {
    for (Path file : texts()) {
      Path relative = Path.of("").toAbsolutePath().relativize(file);
      if (relative.startsWith("opencl")) {
        String name = "/" + relative.toString().replace('\\', '/');
        assertTrue(Pooling.class.getResource(name) != null, name);
      }
    }
  }
}
