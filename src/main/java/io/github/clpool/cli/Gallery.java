package io.github.clpool.cli;

import io.github.clpool.Selection;
import io.github.clpool.files.FileIdentity;
import io.github.clpool.files.NamedFailure;
import io.github.clpool.files.Replacements;
import io.github.clpool.io.Picture;
import io.github.clpool.io.Pictures;
import io.github.clpool.op.Direction;
import io.github.clpool.op.RoiOperator;
import io.github.clpool.tensor.Require;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Writes what the demo computed as a page with pictures. */
final class Gallery {
  static final String PAGE = "index.html";
  private static final int PIXELATED_BELOW = 400; // smaller pictures show their cells as squares

  private static final String CLUB = "karate-club";
  private static final String TITLE = "<title>clpool gallery</title>";
  private static final Pattern SOURCE = Pattern.compile("<img src=\"([A-Za-z0-9_-]+\\.png)\"");

  private final Path folder;
  private final List<Path> sources;
  private final Selection selection;
  private final StringBuilder page = new StringBuilder();
  private final Replacements files = new Replacements();
  private final Set<String> written = new HashSet<>();

  /**
   * Begins.
   *
   * @param sources the files that the pictures come from, which are not replaced
   */
  Gallery(Path folder, List<Path> sources, Selection selection) {
    this.folder = folder;
    this.sources = sources;
    this.selection = selection;
  }

  static String verdict(Trial trial) {
    int elements = trial.result().planes().length;
    return trial.matches() ? "same bits" : trial.differences() + " of " + elements + " differ";
  }

  static String verdict(ClubExhibit club) {
    return club.matches() ? "same bits" : club.differences() + " differ";
  }

  /** Writes everything, or leaves the files of an older gallery as they were. */
  void write(Map<String, Picture> pictures, List<Exhibit> exhibits, List<ClubExhibit> clubs)
      throws IOException {
    Folder.make(folder);
    Set<String> older = picturesOfPage();
    try (files) {
      fill(pictures, exhibits, clubs);
      files.commit();
    }
    older.removeAll(written);
    for (String name : older) {
      delete(folder.resolve(name));
    }
  }

  /** The pictures that an earlier run wrote, as its page names them. */
  private Set<String> picturesOfPage() throws IOException {
    Path page = folder.resolve(PAGE);
    Set<String> names = new TreeSet<>();
    if (Files.isRegularFile(page)) {
      String text = text(page);
      Matcher sources = SOURCE.matcher(text.contains(TITLE) ? text : "");
      while (sources.find()) {
        names.add(sources.group(1));
      }
    }
    return names;
  }

  private static String text(Path page) throws IOException {
    try {
      return Files.readString(page, StandardCharsets.ISO_8859_1);
    } catch (IOException failed) {
      throw NamedFailure.of(page, failed);
    } catch (OutOfMemoryError tooLarge) {
      throw NamedFailure.of(page, tooLarge);
    }
  }

  private void fill(Map<String, Picture> pictures, List<Exhibit> exhibits, List<ClubExhibit> clubs)
      throws IOException {
    long trials = exhibits.stream().mapToLong(exhibit -> exhibit.trials().size()).sum();
    long same =
        exhibits.stream().flatMap(each -> each.trials().stream()).filter(Trial::matches).count();
    add(
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        %s
        <style>
        %s</style>
        </head>
        <body>
        <header>
        <h1>clpool gallery</h1>
        <p>Every operator, forward and backward, on <b>%s</b> (backend %s).
        <span class="verdict %s">%d of %d results have the reference's bits</span></p>
        </header>
        """,
        TITLE,
        Html.resource("gallery.css"),
        Html.escape(selection.device()),
        selection.backend(),
        same == trials ? "same" : "differs",
        same,
        trials);
    contents(pictures.keySet(), exhibits, clubs);
    for (Map.Entry<String, Picture> picture : pictures.entrySet()) {
      section(picture.getKey(), picture.getValue(), exhibits);
    }
    clubs.forEach(this::section);
    page.append("</body>\n</html>\n");
    write(PAGE, page.toString().getBytes(StandardCharsets.UTF_8));
  }

  private void contents(Set<String> pictures, List<Exhibit> exhibits, List<ClubExhibit> clubs) {
    page.append("<nav>\n");
    for (String picture : pictures) {
      String links =
          exhibits.stream()
              .filter(exhibit -> exhibit.picture().equals(picture))
              .map(exhibit -> exhibit.sample().operator().name())
              .distinct()
              .map(operator -> link(picture + "-" + operator, operator))
              .collect(Collectors.joining(" "));
      add("<p>%s %s</p>\n", link(picture, picture), links);
    }
    if (!clubs.isEmpty()) {
      add("<p>%s</p>\n", link(CLUB, "karate club"));
    }
    page.append("</nav>\n");
  }

  private static String link(String id, String text) {
    return "<a href=\"#%s\">%s</a>".formatted(id, Html.escape(text));
  }

  private void write(String name, byte... bytes) throws IOException {
    files.write(free(name), bytes);
    written.add(name);
  }

  /** A file of the gallery, refused if it is one of the given pictures. */
  private Path free(String name) {
    Path file = folder.resolve(name);
    for (Path source : sources) {
      Require.that(
          !FileIdentity.isSame(file, source),
          "the gallery would replace the picture %s, but must be in another folder",
          source);
    }
    return file;
  }

  private void delete(Path file) throws IOException {
    if (sources.stream().noneMatch(source -> FileIdentity.isSame(file, source))) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException failed) {
        throw NamedFailure.of(file, failed);
      }
    }
  }

  private void section(String name, Picture picture, List<Exhibit> exhibits) throws IOException {
    String file = name + "-input.png";
    write(file, Pictures.png(picture));
    add(
        "<section>\n<h2 id=\"%s\">%s</h2>\n<div class=\"intro\">\n<figure>\n",
        Html.escape(name), Html.escape(name));
    image(file, picture, picture, "the input " + name);
    add(
        """
        <figcaption>input <b>%s</b></figcaption>
        </figure>
        <div class="quiet">
        <p>On the left of each card is the output. On the right is the gradient that a backward
        pass brings to the input when the output is taken as its own gradient: where the colours
        came from. Below, a part of the input and of the output, enlarged.</p>
        <p>Colours are the numbers, from 0 to 1, or what the caption says. Gradients follow a curve
        that shows small ones; where some are below 0, grey is 0. Where few cells get one, they
        are drawn larger.</p>
        <p>Every result is drawn in the frame of its input, whatever its size. Times are medians;
        GB/s counts the bytes read and written, beside a plain copy of as many bytes on the same
        device.</p>
        </div>
        </div>
        """,
        picture.shape());
    page.append("<div class=\"grid\">\n");
    String operator = "";
    for (Exhibit exhibit : exhibits) {
      if (exhibit.picture().equals(name)) {
        String next = exhibit.sample().operator().name();
        article(exhibit, next.equals(operator) ? "" : " id=\"%s-%s\"".formatted(name, next));
        operator = next;
      }
    }
    page.append("</div>\n</section>\n");
  }

  private void section(ClubExhibit club) {
    add(
        """
        <section>
        <h2 id="%s">Zachary's karate club</h2>
        <div class="grid"><article>
        <h3><code>%s</code></h3>
        <p class="quiet">34 members and their 78 friendships, pooled into four groups around four
        members; pairs weigh as many friends as they share. Rings: who left with the president when
        the club split; %d of 34 are in a group of the side they took. Groups are as large as they
        have members; lines between them, and loops at them, are as wide as they have friendships
        between and within them.</p>
        <div class="row">
        <figure>
        %s<figcaption>before</figcaption>
        </figure>
        <figure>
        %s<figcaption>after <span class="verdict %s">%s</span><br>%s, %s ms</figcaption>
        </figure>
        </div>
        </article></div>
        </section>
        """,
        CLUB,
        Html.escape(club.operator().toString()),
        club.onTheirSide(),
        ClubDrawing.members(club),
        ClubDrawing.groups(club),
        club.matches() ? "same" : "differs",
        verdict(club),
        club.implementation(),
        DemoCommand.number("%.3f", club.seconds() * 1e3));
  }

  private void article(Exhibit exhibit, String id) throws IOException {
    Picture input = exhibit.input();
    add(
        "<article%s>\n<h3><code>%s</code></h3>\n<p class=\"quiet\">%s</p>\n",
        id, Html.escape(exhibit.sample().title()), Html.escape(exhibit.sample().note()));
    add("<div class=\"row\">\n");
    boolean onBoxes = exhibit.sample().operator() instanceof RoiOperator;
    if (onBoxes) {
      boxes(exhibit.picture() + "-boxes.png", input);
    }
    for (Trial trial : exhibit.trials()) {
      figure(exhibit, trial);
    }
    page.append("</div>\n");
    Picture output = exhibit.trials().get(0).result();
    if (!onBoxes && Detail.isWorthIt(output)) {
      detail(exhibit);
    }
    page.append("</article>\n");
  }

  private void figure(Exhibit exhibit, Trial trial) throws IOException {
    boolean forward = trial.direction() == Direction.FORWARD;
    Display display = Display.of(trial);
    boolean crops = forward && trial.operator() instanceof RoiOperator;
    Picture shown = crops ? Crops.framed(display.picture()) : display.picture();
    String file = exhibit.file(trial);
    write(file, Pictures.png(shown));
    add("<figure>\n");
    image(
        file, shown, exhibit.input(), (forward ? "output of " : "gradient of ") + trial.operator());
    add(
        """
        <figcaption>%s <b>%s</b>
        <span class="verdict %s">%s</span><br>
        %s%s, %s ms<br>%s GB/s, copy %s</figcaption>
        </figure>
        """,
        forward ? "output" : "gradient",
        trial.shape(),
        trial.matches() ? "same" : "differs",
        verdict(trial),
        display.scale().isEmpty() ? "" : display.scale() + "<br>",
        trial.implementation(),
        DemoCommand.number("%.3f", trial.seconds() * 1e3),
        DemoCommand.number("%.2f", trial.speed() * 1e-9),
        DemoCommand.number("%.2f", trial.copySpeed() * 1e-9));
  }

  private void detail(Exhibit exhibit) throws IOException {
    Picture detail = Detail.of(exhibit.input(), Display.of(exhibit.trials().get(0)).picture());
    write(exhibit.detailFile(), Pictures.png(detail));
    page.append("<figure class=\"detail\">\n");
    image(exhibit.detailFile(), detail, detail, "a part of input and output, enlarged");
    page.append("</figure>\n");
  }

  private void boxes(String file, Picture input) throws IOException {
    Picture drawn = Crops.drawn(input);
    if (!written.contains(file)) { // all operators have the same
      write(file, Pictures.png(drawn));
    }
    add("<figure>\n");
    image(file, drawn, input, "the boxes");
    add("<figcaption>the boxes, in the colours of their crops</figcaption>\n</figure>\n");
  }

  private void image(String file, Picture picture, Picture frame, String alternative) {
    add(
        "<a href=\"%s\"><img src=\"%s\" alt=\"%s\"%s style=\"aspect-ratio: %d / %d\"></a>\n",
        file,
        file,
        Html.escape(alternative),
        Math.min(picture.width(), picture.height()) < PIXELATED_BELOW ? " class=\"cells\"" : "",
        frame.width(),
        frame.height());
  }

  private void add(String format, Object... values) {
    page.append(String.format(Locale.ROOT, format, values));
  }
}
