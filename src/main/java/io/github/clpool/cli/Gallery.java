package io.github.clpool.cli;

import io.github.clpool.Selection;
import io.github.clpool.io.FileIdentity;
import io.github.clpool.io.Picture;
import io.github.clpool.io.Pictures;
import io.github.clpool.io.Replacements;
import io.github.clpool.op.Direction;
import io.github.clpool.op.RoiOperator;
import io.github.clpool.tensor.Require;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Writes what the demo computed as a page with pictures. */
final class Gallery {
  static final String PAGE = "index.html";
  private static final int PIXELATED_BELOW = 400; // smaller pictures show their cells as squares

  private static final Set<String> STRETCHED = Set.of("sum", "variance", "std", "soft_gate");

  private final Path folder;
  private final List<Path> sources;
  private final Selection selection;
  private final StringBuilder page = new StringBuilder();
  private final Replacements files = new Replacements();

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
    try (files) {
      fill(pictures, exhibits, clubs);
      files.commit();
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
        <title>clpool gallery</title>
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
        Html.resource("gallery.css"),
        Html.escape(selection.device()),
        selection.backend(),
        same == trials ? "same" : "differs",
        same,
        trials);
    for (Map.Entry<String, Picture> picture : pictures.entrySet()) {
      section(picture.getKey(), picture.getValue(), exhibits);
    }
    clubs.forEach(this::section);
    page.append("</body>\n</html>\n");
    files.write(free(PAGE), page.toString().getBytes(StandardCharsets.UTF_8));
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

  private void section(String name, Picture picture, List<Exhibit> exhibits) throws IOException {
    String file = name + "-input.png";
    files.write(free(file), Pictures.png(picture));
    add("<section>\n<h2>%s</h2>\n<div class=\"intro\">\n<figure>\n", Html.escape(name));
    image(file, picture, picture, "the input " + name);
    add(
        """
        <figcaption>input <b>%s</b></figcaption>
        </figure>
        <div class="quiet">
        <p>On the left of each card is the output. On the right is the gradient that a backward
        pass brings to the input when the output is taken as its own gradient: where the colours
        came from. Gradients and sums have a scale of their own, so they are stretched for
        display, gradients by their square root.</p>
        <p>Every result is drawn in the frame of its input, whatever its size. Times are medians;
        GB/s counts the bytes read and written, beside a plain copy of as many bytes on the same
        device.</p>
        </div>
        </div>
        """,
        picture.shape());
    String operator = "";
    for (Exhibit exhibit : exhibits) {
      if (exhibit.picture().equals(name)) {
        String next = exhibit.sample().operator().name();
        if (!next.equals(operator)) {
          add("%s<h3>%s</h3>\n<div class=\"grid\">\n", operator.isEmpty() ? "" : "</div>\n", next);
          operator = next;
        }
        article(exhibit, picture);
      }
    }
    page.append("</div>\n</section>\n");
  }

  private void section(ClubExhibit club) {
    add(
        """
        <section>
        <h2>Zachary's karate club</h2>
        <div class="grid"><article>
        <h4><code>%s</code></h4>
        <p class="quiet">34 members and their 78 friendships, pooled into four groups around four
        members; pairs weigh as many friends as they share. Rings: who left with the president when
        the club split; %d of 34 are in a group of the side they took. Groups are as large as they
        have members, lines as wide as they have friendships.</p>
        <div class="pair">
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
        Html.escape(club.operator().toString()),
        club.onTheirSide(),
        ClubDrawing.members(club),
        ClubDrawing.groups(club),
        club.matches() ? "same" : "differs",
        verdict(club),
        club.implementation(),
        DemoCommand.number("%.3f", club.seconds() * 1e3));
  }

  private void article(Exhibit exhibit, Picture input) throws IOException {
    add(
        "<article>\n<h4><code>%s</code></h4>\n<p class=\"quiet\">%s</p>\n",
        Html.escape(exhibit.sample().operator().toString()), Html.escape(exhibit.sample().note()));
    exhibit
        .refusal()
        .ifPresent(
            reason -> add("<p><span class=\"verdict\">%s</span></p>\n", Html.escape(reason)));
    add("<div class=\"pair\">\n");
    if (isOnBoxes(exhibit)) {
      boxes(exhibit.picture() + "-boxes.png", input);
    }
    for (Trial trial : exhibit.trials()) {
      String file = exhibit.file(trial);
      Picture shown = displayed(trial);
      files.write(free(file), Pictures.png(shown));
      boolean forward = trial.direction() == Direction.FORWARD;
      add("<figure>\n");
      image(file, shown, input, (forward ? "output of " : "gradient of ") + trial.operator());
      add(
          """
          <figcaption>%s <b>%s</b>
          <span class="verdict %s">%s</span><br>
          %s, %s ms<br>%s GB/s, copy %s</figcaption>
          </figure>
          """,
          forward ? "output" : "gradient",
          trial.shape(),
          trial.matches() ? "same" : "differs",
          verdict(trial),
          trial.implementation(),
          DemoCommand.number("%.3f", trial.seconds() * 1e3),
          DemoCommand.number("%.2f", trial.speed() * 1e-9),
          DemoCommand.number("%.2f", trial.copySpeed() * 1e-9));
    }
    add("</div>\n</article>\n");
  }

  private static boolean isOnBoxes(Exhibit exhibit) {
    return exhibit.sample().operator() instanceof RoiOperator;
  }

  private void boxes(String file, Picture input) throws IOException {
    Picture drawn = Crops.drawn(input);
    files.write(free(file), Pictures.png(drawn));
    add("<figure>\n");
    image(file, drawn, input, "the boxes");
    add("<figcaption>the boxes, in the colours of their crops</figcaption>\n</figure>\n");
  }

  /** Gradients and sums have a scale of their own; the few great gradients hide the others. */
  private static Picture displayed(Trial trial) {
    boolean backward = trial.direction() == Direction.BACKWARD;
    if (!backward && trial.operator() instanceof RoiOperator) {
      return Crops.framed(trial.result());
    } else if (!backward && !STRETCHED.contains(trial.operator().name())) {
      return trial.result();
    }
    Picture stretched = trial.result().stretched();
    float[] planes = stretched.planes().clone();
    for (int i = 0; backward && i < planes.length; i++) {
      planes[i] = (float) Math.sqrt(planes[i]);
    }
    return new Picture(stretched.width(), stretched.height(), planes);
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
