package io.github.clpool.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Pooling;
import io.github.clpool.Selection;
import io.github.clpool.io.Picture;
import io.github.clpool.io.Pictures;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Operators;
import io.github.clpool.parity.Case;
import io.github.clpool.tensor.Handles;
import io.github.clpool.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoCommandTest {
  @TempDir Path folder;

  @Test
  void everyOperatorIsShown() {
    for (String name : Operators.names()) {
      assertFalse(Sample.of(name).isEmpty() && !name.equals("crf_pool"), name);
      for (Sample sample : Sample.of(name)) {
        Case.parse(sample.operator() + " on 1x3x512x512").problem();
      }
    }
  }

  @Test
  void writesAGalleryOfPictures() throws IOException {
    Path picture = folder.resolve("a <b>.png");
    Pictures.write(picture, DrawnPicture.draw(24));
    Path gallery = folder.resolve("gallery");
    long live = Handles.live();
    String out =
        Cli.ok("demo", picture, picture, "--gallery", gallery, "--device", "jvm", "--times");
    assertEquals(live, Handles.live());
    assertTrue(
        out.contains("\n" + 2 * results(24) + " results, 0 differ from the reference\n"), out);
    assertTrue(out.contains("a__b_-2  sum window=4 (gradient)"), out);
    assertTrue(out.contains(" of Zachary's karate club by jvm, direct, "), out);
    assertTrue(out.matches("(?s).*same bits; 3[0-4] of 34 members on the side they took\n.*"), out);
    String page = Files.readString(gallery.resolve("index.html"));
    assertEquals(78 + 6, page.split("<line ").length - 1);
    assertFalse(page.contains("http"), "the page needs nothing from outside");
    Matcher images = Pattern.compile("src=\"([^\"]+)\"").matcher(page);
    int count = 0;
    int details = 0;
    while (images.find()) {
      Pictures.read(gallery.resolve(images.group(1)));
      if (images.group(1).endsWith("-detail.png")) {
        details++;
      } else {
        count++;
      }
    }
    assertEquals(2 * (2 + 4), details, "unpooling and adaptive outputs of 32 and 48 are large");
    for (String operator : Operators.names()) {
      boolean graphs = operator.equals("crf_pool");
      assertEquals(!graphs, page.contains("href=\"#a__b_-" + operator + "\""), operator);
      assertEquals(!graphs, page.contains("id=\"a__b_-" + operator + "\""), operator);
    }
    long boxes = Sample.of("roi_pool").size() + Sample.of("roi_align").size();
    assertEquals(2 * results(24) + 2 * boxes + 2, count);
    Picture both = Pictures.read(gallery.resolve("a__b_-mix_cat-avg-max_window-2.png"));
    Picture averages = Pictures.read(gallery.resolve("a__b_-avg_window-2.png"));
    assertEquals(Shape.of(1, 3, 24, 12), both.shape());
    for (int color = 0; color < 3; color++) {
      float[] above = Arrays.copyOfRange(both.planes(), color * 288, color * 288 + 144);
      float[] average = Arrays.copyOfRange(averages.planes(), color * 144, color * 144 + 144);
      assertArrayEquals(average, above);
    }
    Picture ofBytes =
        Pictures.read(gallery.resolve("a__b_-max_window-3_stride-2_padding-1_of_UINT8.png"));
    Picture ofFloats = Pictures.read(gallery.resolve("a__b_-max_window-3_stride-2_padding-1.png"));
    assertArrayEquals(ofFloats.planes(), ofBytes.planes(), "both select samples of 8 bits");
    Picture pooled = Pictures.read(gallery.resolve("a__b_-max_window-2.png"));
    assertEquals(Shape.of(1, 3, 12, 12), pooled.shape());
    assertArrayEquals(
        Pictures.read(picture).planes(),
        Pictures.read(gallery.resolve("a__b_-input.png")).planes());
  }

  /** Forward and backward; bytes forward only. */
  private static long results(int size) {
    return Sample.all().stream()
        .filter(sample -> fits(sample, size) || fits(sample, size / 16 * 16))
        .mapToLong(sample -> sample.type().isByte() ? 1 : 2)
        .sum();
  }

  private static boolean fits(Sample sample, int size) {
    try {
      Case.parse(sample.operator() + " on 1x3x%dx%1$d".formatted(size)).problem();
      return true;
    } catch (IllegalArgumentException tooSmall) {
      return false;
    }
  }

  @Test
  void smallPicturesAreNoFailure() throws IOException {
    Path picture = folder.resolve("dot.png");
    Pictures.write(picture, new Picture(1, 1, new float[] {0.2f, 0.4f, 0.6f}));
    String out = Cli.ok("demo", picture, "--gallery", folder.resolve("g"), "--device", "jvm");
    assertTrue(out.startsWith("gallery: "), out);
    assertTrue(out.contains("pictures too small: max window=2 of dot, "), out);
    assertFalse(out.contains("max global"), "it fits, and times were not asked for");
  }

  @Test
  void picturesOfAnEarlierRunGo() throws IOException {
    Path picture = folder.resolve("dot.png");
    Pictures.write(picture, new Picture(1, 1, new float[] {0.2f, 0.4f, 0.6f}));
    Path earlier = Files.writeString(folder.resolve("earlier-max.png"), "");
    Path somebodys = Files.writeString(folder.resolve("somebodys.png"), "");
    String image = "<img src=\"%s\"";
    Files.writeString(
        folder.resolve("index.html"),
        "<title>clpool gallery</title>"
            + image.formatted("earlier-max.png")
            + image.formatted("dot.png")
            + image.formatted("../outside.png"));
    Cli.ok("demo", picture, "--gallery", folder, "--device", "jvm");
    assertFalse(Files.exists(earlier));
    assertTrue(Files.exists(somebodys));
    assertTrue(Files.exists(picture), "it was given");
    assertTrue(Files.exists(folder.resolve("dot-input.png")));
  }

  @Test
  void picturesAreNotReplaced() throws IOException {
    Path a = folder.resolve("a.png");
    Path input = folder.resolve("a-input.png");
    Pictures.write(a, DrawnPicture.draw(16));
    Pictures.write(input, DrawnPicture.draw(17));
    byte[] before = Files.readAllBytes(input);
    Cli.fails(
        1,
        "the gallery would replace the picture " + input,
        "demo",
        a,
        input,
        "--gallery",
        folder.resolve("."),
        "--device",
        "jvm");
    assertArrayEquals(before, Files.readAllBytes(input));
    Cli.fails(1, "16 x 16 = 256 cells, but must have at most 255", "demo", a, "--most-cells", 255);
    Cli.fails(2, "--size is 20000, but its square", "demo", "--size", "20000");
  }

  @Test
  void differencesAreShown() throws IOException {
    try (Pooling jvm = Pooling.open(DevicePolicy.JVM_ONLY)) {
      Picture picture = DrawnPicture.draw(16);
      Sample sample = Sample.of("max").get(0);
      Trial wrong =
          new Trial(
              sample.operator(), Direction.FORWARD, picture.shape(), picture, "none", 1, 2, 3, 4);
      Exhibit exhibit = new Exhibit(sample, "x", picture, List.of(wrong));
      assertFalse(exhibit.matches());
      Selection selection = jvm.selection();
      new Gallery(folder, List.of(), selection)
          .write(Map.of("x", picture), List.of(exhibit), List.of());
    }
    String page = Files.readString(folder.resolve("index.html"));
    assertTrue(page.contains("<span class=\"verdict differs\">4 of 768 differ</span>"), page);
    assertTrue(page.contains("0 of 1 results have the reference's bits"), page);
  }

  @Test
  void refusesWhatIsNoPicture() throws IOException {
    Path text = Files.writeString(folder.resolve("text.png"), "text");
    Cli.fails(
        1, "text.png: is no readable picture", "demo", text, "--gallery", folder.resolve("g"));
    Cli.fails(2, "--size is 3", "demo", "--size", "3");
    assertFalse(Files.exists(folder.resolve("g")));
  }
}
