package io.github.clpool.cli;

import io.github.clpool.io.Picture;
import io.github.clpool.io.Pictures;
import io.github.clpool.tensor.Require;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.Random;

/**
 * A picture that shows what poolings do: single bright and dark points, thin lines, letters, rings
 * that get finer outwards, a star of rays, hard edges and smooth gradients. Always the same.
 * Stateless.
 */
public final class DrawnPicture {
  private static final double SIZE = 512; // the unit square of everything below
  private static final int LETTER_WIDTH = 5;
  // A font of its own: a Java without a display often has none.
  private static final String[][] LETTERS = {
    {".....", ".....", ".###.", "#...#", "#....", "#...#", ".###.", ".....", "....."},
    {".##..", "..#..", "..#..", "..#..", "..#..", "..#..", ".###.", ".....", "....."},
    {".....", ".....", "####.", "#...#", "#...#", "#...#", "####.", "#....", "#...."},
    {".....", ".....", ".###.", "#...#", "#...#", "#...#", ".###.", ".....", "....."},
    {".....", ".....", ".###.", "#...#", "#...#", "#...#", ".###.", ".....", "....."},
    {".##..", "..#..", "..#..", "..#..", "..#..", "..#..", ".###.", ".....", "....."},
  };

  private DrawnPicture() {}

  /**
   * Draws it.
   *
   * @param size width and height, at least 16
   * @return the picture
   */
  public static Picture draw(int size) {
    Require.atLeast("size", size, 16);
    BufferedImage image = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    graphics.scale(size / SIZE, size / SIZE);
    sky(graphics);
    moon(graphics);
    hills(graphics);
    letters(graphics);
    rays(graphics, 128, 384);
    tiles(graphics);
    graphics.dispose();
    Picture picture = Pictures.of(image);
    rings(picture, 0.75, 0.75, 0.19);
    return picture;
  }

  private static void sky(Graphics2D graphics) {
    graphics.setPaint(
        new GradientPaint(0, 0, new Color(13, 20, 54), 0, 250, new Color(214, 96, 92)));
    graphics.fill(new Rectangle2D.Double(0, 0, SIZE, SIZE));
    Random random = new Random(7);
    for (int star = 0; star < 90; star++) {
      double radius = 0.5 + 1.1 * random.nextDouble();
      graphics.setPaint(new Color(255, 255, 190 + random.nextInt(66)));
      double x = SIZE * random.nextDouble();
      double y = 130 * random.nextDouble();
      graphics.fill(new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius));
    }
  }

  private static void moon(Graphics2D graphics) {
    graphics.setPaint(
        new GradientPaint(380, 30, new Color(255, 246, 214), 460, 110, new Color(226, 190, 130)));
    graphics.fill(new Ellipse2D.Double(385, 30, 76, 76));
    graphics.setPaint(new Color(206, 176, 128));
    graphics.fill(new Ellipse2D.Double(402, 48, 15, 15));
    graphics.fill(new Ellipse2D.Double(430, 66, 20, 20));
    graphics.fill(new Ellipse2D.Double(408, 80, 9, 9));
  }

  private static void hills(Graphics2D graphics) {
    Color[] colors = {new Color(96, 58, 104), new Color(52, 46, 92), new Color(22, 30, 58)};
    for (int hill = 0; hill < colors.length; hill++) {
      Path2D path = new Path2D.Double();
      path.moveTo(0, SIZE);
      for (int x = 0; x <= SIZE; x += 4) {
        double wave = Math.sin(x * (0.012 + 0.006 * hill) + 2.1 * hill);
        path.lineTo(x, 196 + 24 * hill - (26 - 6 * hill) * wave);
      }
      path.lineTo(SIZE, SIZE);
      path.closePath();
      graphics.setPaint(colors[hill]);
      graphics.fill(path);
    }
    graphics.setStroke(new BasicStroke(1));
    graphics.setPaint(new Color(235, 220, 200));
    for (int line = 0; line < 3; line++) { // wires, one cell thin
      graphics.draw(new Line2D.Double(0, 150 + 9 * line, SIZE, 118 + 15 * line));
    }
  }

  private static void letters(Graphics2D graphics) {
    double cell = 9;
    double left = 34;
    for (int letter = 0; letter < LETTERS.length; letter++) {
      graphics.setPaint(Color.getHSBColor(0.02f + 0.115f * letter, 0.55f, 1));
      for (int row = 0; row < LETTERS[letter].length; row++) {
        for (int column = 0; column < LETTER_WIDTH; column++) {
          if (LETTERS[letter][row].charAt(column) == '#') {
            double x = left + ((LETTER_WIDTH + 1) * letter + column) * cell;
            graphics.fill(new Rectangle2D.Double(x, 36 + row * cell, cell, cell));
          }
        }
      }
    }
  }

  private static void rays(Graphics2D graphics, double x, double y) {
    int rays = 36;
    double radius = 112;
    graphics.setPaint(new Color(246, 240, 226));
    graphics.fill(new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius));
    for (int ray = 0; ray < rays; ray++) {
      Path2D path = new Path2D.Double();
      path.moveTo(x, y);
      for (int side = 0; side < 2; side++) {
        double angle = 2 * Math.PI * (ray + 0.5 * side) / rays;
        path.lineTo(x + radius * Math.cos(angle), y + radius * Math.sin(angle));
      }
      path.closePath();
      graphics.setPaint(Color.getHSBColor((float) ray / rays, 0.85f, 0.7f));
      graphics.fill(path);
    }
  }

  private static void tiles(Graphics2D graphics) {
    for (int column = 0; column < 8; column++) {
      int side = 1 << Math.min(4, column / 2 + 1); // a checkerboard that gets coarser
      for (int y = 0; y < 16; y += side) {
        for (int x = 0; x < 16; x += side) {
          graphics.setPaint(((x + y) / side & 1) == 0 ? Color.WHITE : Color.BLACK);
          graphics.fill(new Rectangle2D.Double(192 + 16 * column + x, 484 + y, side, side));
        }
      }
    }
  }

  /** Rings whose frequency grows with the radius, up to two cells a ring at the rim. */
  private static void rings(Picture picture, double x, double y, double radius) {
    int size = picture.width();
    double rim = radius * size;
    for (int row = 0; row < size; row++) {
      for (int column = 0; column < size; column++) {
        double distance = Math.hypot(column + 0.5 - x * size, row + 0.5 - y * size);
        if (distance < rim) {
          double wave = 0.5 + 0.5 * StrictMath.cos(Math.PI * distance * distance / (2 * rim));
          for (int c = 0; c < Picture.CHANNELS; c++) {
            double tint = new double[] {1, 0.93, 0.8}[c];
            picture.planes()[(c * size + row) * size + column] = (float) (tint * wave);
          }
        }
      }
    }
  }
}
