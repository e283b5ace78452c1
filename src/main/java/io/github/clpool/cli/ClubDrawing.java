package io.github.clpool.cli;

import io.github.clpool.op.Role;
import java.util.Locale;

/** Draws the karate club before and after pooling, as SVG. Stateless. */
final class ClubDrawing {
  private static final int SIZE = 400;
  private static final int ROUNDS = 400;
  private static final double MARGIN = 24;
  private static final int[][] COLOURS = {
    {0x1f, 0x5f, 0xbf}, {0x3c, 0xa5, 0xc4}, {0xe0, 0x8a, 0x1e}, {0xb8, 0x32, 0x2a}
  };

  private ClubDrawing() {}

  /** Each member in the mixture of its groups' colours; a ring is who left with the president. */
  static String members(ClubExhibit club) {
    double[][] at = places();
    StringBuilder svg = new StringBuilder();
    for (int member = 0; member < KarateClub.MEMBERS; member++) {
      for (int friend : KarateClub.friends(member)) {
        line(svg, at[member], at[friend], 1);
      }
    }
    float[] assignment = club.results().get(Role.ASSIGNMENT);
    for (int member = 0; member < KarateClub.MEMBERS; member++) {
      String ring =
          KarateClub.stayedWithInstructor(member)
              ? ""
              : " stroke=\"currentColor\" stroke-width=\"2\"";
      circle(svg, at[member], 8, colour(assignment, member), ring, String.valueOf(member));
    }
    return drawing("the club, coloured by group", svg);
  }

  /** Groups as large as their members are many, lines as wide as there are edges between them. */
  static String groups(ClubExhibit club) {
    float[] adjacency = club.results().get(Role.POOLED_ADJACENCY);
    float[] assignment = club.results().get(Role.ASSIGNMENT);
    double[][] at = {{120, 110}, {120, 290}, {280, 290}, {280, 110}};
    StringBuilder svg = new StringBuilder();
    int groups = ClubExhibit.GROUPS;
    for (int i = 0; i < groups; i++) {
      for (int j = 0; j < i; j++) {
        line(svg, at[i], at[j], adjacency[i * groups + j]);
      }
    }
    float[] pure = new float[groups * groups];
    for (int group = 0; group < groups; group++) {
      pure[group * groups + group] = 1;
      double size = 0;
      for (int member = 0; member < KarateClub.MEMBERS; member++) {
        size += assignment[member * groups + group];
      }
      double radius = 14 * Math.sqrt(size);
      // An edge within a group stands twice in the symmetric matrix.
      loop(svg, at[group], radius, adjacency[group * groups + group] / 2);
      String text = String.format(Locale.ROOT, "%.1f", size);
      circle(svg, at[group], radius, colour(pure, group), "", text);
    }
    return drawing("the groups", svg);
  }

  private static String drawing(String label, StringBuilder content) {
    return """
        <svg viewBox="0 0 %d %d" role="img" aria-label="%s">
        %s</svg>
        """
        .formatted(SIZE, SIZE, label, content);
  }

  private static void line(StringBuilder svg, double[] from, double[] to, double width) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"currentColor\""
                + " stroke-opacity=\"0.35\" stroke-width=\"%.2f\"/>\n",
            from[0],
            from[1],
            to[0],
            to[1],
            width));
  }

  /** An edge from a group to itself, away from the middle of the drawing. */
  private static void loop(StringBuilder svg, double[] at, double radius, double width) {
    double x = at[0] + Math.signum(at[0] - SIZE / 2.0) * radius * 0.8;
    double y = at[1] + Math.signum(at[1] - SIZE / 2.0) * radius * 0.8;
    svg.append(
        String.format(
            Locale.ROOT,
            "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"none\" stroke=\"currentColor\""
                + " stroke-opacity=\"0.35\" stroke-width=\"%.2f\"/>\n",
            x,
            y,
            radius * 0.6,
            width));
  }

  private static void circle(
      StringBuilder svg, double[] at, double radius, String colour, String ring, String text) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"%s\"%s/>\n"
                + "<text x=\"%.1f\" y=\"%.1f\" font-size=\"9\" fill=\"#fff\""
                + " text-anchor=\"middle\">%s</text>\n",
            at[0],
            at[1],
            radius,
            colour,
            ring,
            at[0],
            at[1] + 3,
            text));
  }

  /** The colours of groups, mixed by a row of weights. */
  private static String colour(float[] weights, int row) {
    StringBuilder colour = new StringBuilder("#");
    for (int channel = 0; channel < 3; channel++) {
      double sum = 0;
      for (int group = 0; group < ClubExhibit.GROUPS; group++) {
        sum += weights[row * ClubExhibit.GROUPS + group] * COLOURS[group][channel];
      }
      colour.append(String.format(Locale.ROOT, "%02x", Math.round(sum)));
    }
    return colour.toString();
  }

  /** Members push each other away, friends pull (Fruchterman and Reingold). */
  private static double[][] places() {
    int members = KarateClub.MEMBERS;
    double[][] adjacency = KarateClub.adjacency();
    double[][] at = new double[members][2];
    for (int i = 0; i < members; i++) {
      double angle = 2 * Math.PI * i / members;
      at[i] = new double[] {Math.cos(angle), Math.sin(angle)};
    }
    double length = Math.sqrt(4.0 / members);
    for (int round = 0; round < ROUNDS; round++) {
      double step = 0.1 * (1 - round / (double) ROUNDS);
      double[][] forces = new double[members][2];
      for (int i = 0; i < members; i++) {
        for (int j = 0; j < members; j++) {
          double x = at[i][0] - at[j][0];
          double y = at[i][1] - at[j][1];
          double distance = Math.max(1e-3, Math.hypot(x, y));
          double push = length * length / distance - adjacency[i][j] * distance * distance / length;
          forces[i][0] += push * x / distance;
          forces[i][1] += push * y / distance;
        }
      }
      for (int i = 0; i < members; i++) {
        double force = Math.max(1e-9, Math.hypot(forces[i][0], forces[i][1]));
        for (int axis = 0; axis < 2; axis++) {
          at[i][axis] += forces[i][axis] / force * Math.min(force, step);
        }
      }
    }
    return fitted(at);
  }

  private static double[][] fitted(double[][] at) {
    for (int axis = 0; axis < 2; axis++) {
      double least = Double.POSITIVE_INFINITY;
      double most = Double.NEGATIVE_INFINITY;
      for (double[] place : at) {
        least = Math.min(least, place[axis]);
        most = Math.max(most, place[axis]);
      }
      for (double[] place : at) {
        place[axis] = MARGIN + (place[axis] - least) / (most - least) * (SIZE - 2 * MARGIN);
      }
    }
    return at;
  }
}
