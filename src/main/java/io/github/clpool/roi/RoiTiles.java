package io.github.clpool.roi;

import io.github.clpool.op.Roi;
import io.github.clpool.tensor.Buffers;
import io.github.clpool.tensor.Require;
import java.util.Arrays;
import java.util.List;

/**
 * Which regions touch which tile of which image, ascending, so that a cell need not look at every
 * region. Immutable by convention: the arrays are not copied.
 */
public final class RoiTiles {
  /** For each tile, row by row, image by image, where its regions begin, and at last the end. */
  public final int[] begins;

  /** The regions of each tile. */
  public final int[] rois;

  /** How many tiles lie side by side. */
  public final int across;

  /** How many tiles lie below each other. */
  public final int down;

  private final int tileHeight;
  private final int tileWidth;

  /**
   * Lists the regions.
   *
   * @param rois the regions
   * @param boxes what they touch, as {@link RoiCovers#boxes} says it
   * @param images the batch size
   * @param height the height of the input
   * @param width its width
   * @param tileHeight the rows of a tile
   * @param tileWidth the columns of a tile
   */
  public RoiTiles(
      List<Roi> rois,
      int[] boxes,
      int images,
      int height,
      int width,
      int tileHeight,
      int tileWidth) {
    Require.present("rois", rois);
    Require.present("boxes", boxes);
    this.tileHeight = tileHeight;
    this.tileWidth = tileWidth;
    long all = 0;
    for (int at = 0; at < boxes.length; at += RoiCovers.BOX) {
      all +=
          touched(boxes[at], boxes[at + 1], tileHeight)
              * touched(boxes[at + 2], boxes[at + 3], tileWidth);
    }
    Require.that(
        all <= Buffers.LONGEST_ARRAY,
        "rois are %d, which touch %d tiles of the input together, but must touch at most %d",
        rois.size(),
        all,
        Buffers.LONGEST_ARRAY);
    this.down = (height - 1) / tileHeight + 1;
    this.across = (width - 1) / tileWidth + 1;
    this.begins = new int[Math.multiplyExact(images, down * across) + 1];
    int[] counts = new int[begins.length - 1];
    visit(rois, boxes, (tile, roi) -> counts[tile]++);
    for (int i = 0; i < counts.length; i++) {
      begins[i + 1] = begins[i] + counts[i];
    }
    this.rois = new int[begins[counts.length]];
    int[] next = Arrays.copyOf(begins, counts.length);
    visit(rois, boxes, (tile, roi) -> this.rois[next[tile]++] = roi);
  }

  /**
   * Lists the regions of each image, whatever they touch: one tile each.
   *
   * @param rois the regions
   * @param images the batch size
   * @return the lists
   */
  public static RoiTiles images(List<Roi> rois, int images) {
    Require.present("rois", rois);
    int[] boxes = new int[rois.size() * RoiCovers.BOX];
    for (int k = 0; k < rois.size(); k++) {
      boxes[k * RoiCovers.BOX + 1] = 1;
      boxes[k * RoiCovers.BOX + 3] = 1;
    }
    return new RoiTiles(rois, boxes, images, 1, 1, 1, 1);
  }

  private static long touched(int first, int count, int tile) {
    return count == 0 ? 0 : (first + count - 1) / tile - first / tile + 1;
  }

  /** Is told of a tile and a region that touches it. */
  private interface Visitor {
    void visit(int tile, int roi);
  }

  private void visit(List<Roi> rois, int[] boxes, Visitor visitor) {
    for (int k = 0; k < rois.size(); k++) {
      int at = k * RoiCovers.BOX;
      if (boxes[at + 1] > 0 && boxes[at + 3] > 0) {
        int bottom = (boxes[at] + boxes[at + 1] - 1) / tileHeight;
        int right = (boxes[at + 2] + boxes[at + 3] - 1) / tileWidth;
        for (int row = boxes[at] / tileHeight; row <= bottom; row++) {
          for (int column = boxes[at + 2] / tileWidth; column <= right; column++) {
            visitor.visit((rois.get(k).image() * down + row) * across + column, k);
          }
        }
      }
    }
  }
}
