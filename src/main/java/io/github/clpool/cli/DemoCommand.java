package io.github.clpool.cli;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Pooling;
import io.github.clpool.io.Picture;
import io.github.clpool.io.Pictures;
import io.github.clpool.op.Direction;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Pools pictures with every operator and shows the results. */
@Command(
    name = "demo",
    description = {
      "Pool pictures with every operator, check each result against the reference bit by bit, and"
          + " write a gallery.",
      "Exit code 1 if a bit differs."
    },
    footer = {"", "Example:", "  clpool demo photo.jpg --gallery gallery"})
final class DemoCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "PICTURE",
      arity = "0..*",
      description = "PNG, JPEG, TIFF, BMP or GIF files. Default: a picture that the program draws.")
  private List<Path> files = List.of();

  @Option(
      names = "--gallery",
      paramLabel = "FOLDER",
      defaultValue = "clpool-demo",
      description = "Takes index.html and its pictures. Default: ${DEFAULT-VALUE}.")
  private Path folder;

  @Option(
      names = "--size",
      paramLabel = "N",
      defaultValue = "512",
      description =
          "Width and height of the drawn picture, at least 16. Default: ${DEFAULT-VALUE}.")
  private int size;

  @Option(
      names = "--most-cells",
      paramLabel = "N",
      defaultValue = "" + Pictures.MOST_CELLS,
      description = "Width times height that a picture may have. Default: ${DEFAULT-VALUE}.")
  private long mostCells;

  @Option(names = "--times", description = "Print every result with its time.")
  private boolean times;

  @Mixin private final DeviceOption device = new DeviceOption();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    require(size >= 16, "--size is %d, but must be at least 16", size);
    require(mostCells >= 1, "--most-cells is %d, but must be at least 1", mostCells);
    require(
        !files.isEmpty() || (long) size * size <= mostCells,
        "--size is %d, but its square must be at most --most-cells, %d",
        size,
        mostCells);
    Folder.check(folder);
    Map<String, Picture> pictures = pictures();
    List<Sample> samples = Sample.all();
    List<Exhibit> exhibits = new ArrayList<>();
    List<String> tooSmall = new ArrayList<>();
    long different;
    PrintWriter out = spec.commandLine().getOut();
    try (OpenDevices devices = new OpenDevices();
        Progress bar = new Progress("demo", (long) pictures.size() * samples.size())) {
      Pooling pooling = devices.get(device.policy());
      Pooling reference = devices.get(DevicePolicy.REFERENCE);
      for (Map.Entry<String, Picture> picture : pictures.entrySet()) {
        for (Sample sample : samples) {
          if (pooling.refusal(sample.type()).isPresent()) {
            continue;
          }
          Exhibit.make(pooling, reference, sample, picture.getKey(), picture.getValue())
              .ifPresentOrElse(
                  exhibits::add, () -> tooSmall.add(sample.operator() + " of " + picture.getKey()));
          bar.at(exhibits.size() + tooSmall.size());
        }
      }
      ClubExhibit club = ClubExhibit.make(pooling, reference);
      new Gallery(folder, files, pooling.selection()).write(pictures, exhibits, List.of(club));
      List<Trial> trials = exhibits.stream().flatMap(each -> each.trials().stream()).toList();
      different = trials.stream().filter(trial -> !trial.matches()).count();
      out.println("gallery: " + folder.resolve(Gallery.PAGE));
      out.println(trials.size() + " results, " + different + " differ from the reference");
      out.println("on " + pooling.selection().device());
      print(pooling, club, out);
      if (!tooSmall.isEmpty()) {
        out.println("pictures too small: " + String.join(", ", tooSmall));
      }
      print(pooling, exhibits, out);
      different += club.matches() ? 0 : 1;
    }
    return different == 0 ? 0 : 1;
  }

  private void require(boolean holds, String format, Object... values) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), String.format(Locale.ROOT, format, values));
    }
  }

  /** The pictures by a name for each, unique as the name of a file. */
  private Map<String, Picture> pictures() throws IOException {
    Map<String, Picture> pictures = new LinkedHashMap<>();
    for (Path file : files) {
      Picture picture = Pictures.read(file, mostCells);
      String name = file.getFileName().toString().replaceFirst("\\.[^.]*$", "");
      String plain = name.replaceAll("[^A-Za-z0-9_-]", "_");
      String unique = plain;
      for (int i = 2; pictures.containsKey(unique); i++) {
        unique = plain + "-" + i;
      }
      pictures.put(unique, picture);
    }
    if (pictures.isEmpty()) {
      pictures.put("drawn", DrawnPicture.draw(size));
    }
    return pictures;
  }

  /** What differs, or everything. */
  private void print(Pooling pooling, List<Exhibit> exhibits, PrintWriter out) {
    Table table =
        new Table(
            "picture",
            "operator",
            "output",
            "backend",
            "implementation",
            "ms",
            "GB/s",
            "copy GB/s",
            "parity");
    boolean empty = true;
    for (Exhibit exhibit : exhibits) {
      String operator = exhibit.sample().title();
      for (Trial trial : exhibit.trials()) {
        boolean backward = trial.direction() == Direction.BACKWARD;
        if (!times && trial.matches()) {
          continue;
        }
        empty = false;
        table.row(
            exhibit.picture(),
            operator + (backward ? " (gradient)" : ""),
            trial.shape(),
            pooling.selection().backend(),
            trial.implementation(),
            number("%.3f", trial.seconds() * 1e3),
            number("%.2f", trial.speed() * 1e-9),
            number("%.2f", trial.copySpeed() * 1e-9),
            Gallery.verdict(trial));
      }
    }
    if (!empty) {
      out.println();
      table.print(out);
    }
  }

  private static void print(Pooling pooling, ClubExhibit club, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "%s of Zachary's karate club by %s, %s, %.3f ms: %s; %d of %d members on the side they took%n",
        club.operator(),
        pooling.selection().backend(),
        club.implementation(),
        club.seconds() * 1e3,
        Gallery.verdict(club),
        club.onTheirSide(),
        KarateClub.MEMBERS);
  }

  static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
