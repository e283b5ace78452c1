package io.github.clpool.opencl.plan;

import io.github.clpool.backend.PoolingException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A kernel file with its includes in place, each file once, so that a driver needs no include path.
 * {@code #line} makes compilers name file and line as they are on disk. An include must not stand
 * under a condition. Immutable.
 *
 * @param file the kernel file below {@code opencl/}
 * @param text what is compiled
 * @param files the text of every file that takes part, by name
 */
public record KernelSource(String file, String text, Map<String, String> files) {
  private static final Pattern INCLUDE =
      Pattern.compile("\\s*#\\s*include\\s+(?:\"([^\"]+)\"|" + Launch.REDUCTION + "\\b).*");
  private static final int LINES_AROUND = 2;

  /**
   * Reads a file of the class path and what it includes.
   *
   * @param reduction the header that a skeleton includes, or null if the file is none
   */
  public static KernelSource load(String file, String reduction) {
    return compose(file, reduction, KernelSource::resource);
  }

  public static KernelSource compose(String file, Function<String, String> reader) {
    return compose(file, null, reader);
  }

  /** Composes from any place; the reader gives a file's text by its name below the root. */
  public static KernelSource compose(
      String file, String reduction, Function<String, String> reader) {
    Map<String, String> files = new LinkedHashMap<>();
    StringBuilder text = new StringBuilder();
    append(file, reduction, reader, files, text);
    return new KernelSource(file, text.toString(), files);
  }

  private static void append(
      String file,
      String reduction,
      Function<String, String> reader,
      Map<String, String> files,
      StringBuilder text) {
    String content = reader.apply(file);
    files.put(file, content);
    text.append("#line 1 \"").append(file).append("\"\n");
    int number = 0;
    for (String line : content.lines().toList()) {
      number++;
      Matcher include = INCLUDE.matcher(line);
      if (!include.matches()) {
        text.append(line).append('\n');
        continue;
      }
      String included = include.group(1) != null ? include.group(1) : reduction;
      if (included == null) {
        throw new PoolingException(file + " needs a reduction");
      } else if (files.containsKey(included)) {
        text.append('\n');
      } else {
        append(included, reduction, reader, files, text);
        text.append("#line ").append(number + 1).append(" \"").append(file).append("\"\n");
      }
    }
  }

  private static String resource(String file) {
    try (InputStream stream = KernelSource.class.getResourceAsStream("/opencl/" + file)) {
      if (stream == null) {
        throw new PoolingException("kernel file opencl/" + file + " is not on the class path");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** The numbered lines that a build log names, with those around them. */
  public String excerpt(String log) {
    return files.keySet().stream()
        .map(name -> excerpt(name, linesNamed(name, log)))
        .collect(Collectors.joining());
  }

  private static TreeSet<Integer> linesNamed(String name, String log) {
    TreeSet<Integer> lines = new TreeSet<>();
    Matcher place = Pattern.compile(Pattern.quote(name) + "[:(](\\d{1,6})").matcher(log);
    while (place.find()) {
      int line = Integer.parseInt(place.group(1));
      for (int near = line - LINES_AROUND; near <= line + LINES_AROUND; near++) {
        lines.add(near);
      }
    }
    return lines;
  }

  private String excerpt(String name, TreeSet<Integer> wanted) {
    List<String> lines = files.get(name).lines().toList();
    StringBuilder text = new StringBuilder();
    for (int number : wanted) {
      if (number >= 1 && number <= lines.size()) {
        text.append("%s:%5d  %s%n".formatted(name, number, lines.get(number - 1)));
      }
    }
    return text.toString();
  }
}
