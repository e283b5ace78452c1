import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.Random;

/**
 * Digits that the program draws itself: fonts, turned, stretched and moved at random, with noise.
 */
final class Digits {
  static final int SIZE = 20;
  private static final String[] FONTS = {Font.SANS_SERIF, Font.SERIF, Font.MONOSPACED};

  final float[] pictures;
  final int[] labels;

  /** The same seed draws the same digits. */
  Digits(int count, long seed) {
    Random random = new Random(seed);
    pictures = new float[count * SIZE * SIZE];
    labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = random.nextInt(10);
      int[] grey = draw(labels[i], random).getRaster().getPixels(0, 0, SIZE, SIZE, (int[]) null);
      for (int j = 0; j < grey.length; j++) {
        pictures[i * grey.length + j] = grey[j] / 255f + 0.1f * (float) random.nextGaussian();
      }
    }
  }

  private static BufferedImage draw(int digit, Random random) {
    BufferedImage image = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_BYTE_GRAY);
    Graphics2D pen = image.createGraphics();
    pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    pen.setColor(Color.WHITE);
    String font = FONTS[random.nextInt(FONTS.length)];
    var outline =
        new Font(font, random.nextInt(2) * Font.BOLD, 18)
            .createGlyphVector(pen.getFontRenderContext(), Integer.toString(digit))
            .getOutline();
    Rectangle2D box = outline.getBounds2D();
    AffineTransform place = new AffineTransform();
    place.translate(SIZE / 2.0 + between(-2, 2, random), SIZE / 2.0 + between(-2, 2, random));
    place.rotate(between(-0.25, 0.25, random));
    place.shear(between(-0.2, 0.2, random), 0);
    place.scale(between(0.8, 1.1, random), between(0.8, 1.1, random));
    place.translate(-box.getCenterX(), -box.getCenterY());
    pen.fill(place.createTransformedShape(outline));
    pen.dispose();
    return image;
  }

  private static double between(double low, double high, Random random) {
    return low + (high - low) * random.nextDouble();
  }
}
