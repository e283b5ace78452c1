package io.github.clpool.op;

import io.github.clpool.tensor.Buffers;
import io.github.clpool.tensor.Require;
import java.util.Arrays;

/**
 * Where the entries of a sparse square matrix are, row after row (CSR). Immutable as long as nobody
 * writes into its arrays.
 *
 * @param pointers for each row its first entry, and at the end the number of entries
 * @param columns the column of each entry, ascending in each row
 */
public record Sparse(int[] pointers, int[] columns) {
  /**
   * Checks that nothing is missing; {@link Graphs} checks the numbers.
   *
   * @param pointers for each row its first entry, and at the end the number of entries
   * @param columns the column of each entry, ascending in each row
   */
  public Sparse {
    Require.present("pointers", pointers);
    Require.present("columns", columns);
    Require.that(pointers.length >= 1, "pointers are none, but must have a number at the end");
  }

  /**
   * The same entries by columns.
   *
   * @param by the transposed matrix
   * @param entries for each of its entries the place of that entry in the matrix itself
   */
  public record Transposed(Sparse by, int[] entries) {
    /**
     * Checks that nothing is missing.
     *
     * @param by the transposed matrix
     * @param entries for each of its entries the place of that entry in the matrix itself
     */
    public Transposed {
      Require.present("by", by);
      Require.present("entries", entries);
    }
  }

  /** Appends rows to each other. */
  static final class Builder {
    private final int[] pointers;
    private int[] columns = new int[16];
    private int rows;
    private int count;

    Builder(int size) {
      pointers = new int[size + 1];
    }

    /** Adds an entry to the row that is not ended. */
    void add(int column) {
      if (count == columns.length) {
        checkEntries(count + 1L);
        columns = Arrays.copyOf(columns, (int) Math.min(Buffers.LONGEST_ARRAY, 2L * count));
      }
      columns[count++] = column;
    }

    /** Sorts the entries of the row and goes on with the next. */
    void endRow() {
      Arrays.sort(columns, pointers[rows], count);
      pointers[++rows] = count;
    }

    Sparse build() {
      return new Sparse(pointers, Arrays.copyOf(columns, count));
    }
  }

  /** The number of entries as an int, if it is none too many. */
  static int checkEntries(long entries) {
    Require.that(
        entries <= Buffers.LONGEST_ARRAY,
        "there are %d pairs of nodes or more, but must be at most %d",
        entries,
        Buffers.LONGEST_ARRAY);
    return (int) entries;
  }

  /**
   * The number of rows.
   *
   * @return as many as there are columns
   */
  public int size() {
    return pointers.length - 1;
  }

  /**
   * The number of entries.
   *
   * @return entries of all rows
   */
  public int entries() {
    return columns.length;
  }

  /**
   * The first entry of a row.
   *
   * @param row the row
   * @return its place
   */
  public int first(int row) {
    return pointers[row];
  }

  /**
   * Where a row's entries end.
   *
   * @param row the row
   * @return the place behind its last one
   */
  public int end(int row) {
    return pointers[row + 1];
  }

  /**
   * The number of entries of a row.
   *
   * @param row the row
   * @return how many
   */
  public int count(int row) {
    return pointers[row + 1] - pointers[row];
  }

  /**
   * Sorts the entries by columns, those of a column by rows.
   *
   * @return the transposed matrix
   */
  public Transposed transposed() {
    int[] starts = new int[pointers.length];
    for (int column : columns) {
      starts[column + 1]++;
    }
    Arrays.parallelPrefix(starts, Integer::sum);
    int[] next = starts.clone();
    int[] rows = new int[columns.length];
    int[] entries = new int[columns.length];
    for (int row = 0; row < size(); row++) {
      for (int entry = pointers[row]; entry < pointers[row + 1]; entry++) {
        int place = next[columns[entry]]++;
        rows[place] = row;
        entries[place] = entry;
      }
    }
    return new Transposed(new Sparse(starts, rows), entries);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Sparse sparse
        && Arrays.equals(pointers, sparse.pointers)
        && Arrays.equals(columns, sparse.columns);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(pointers) + Arrays.hashCode(columns);
  }

  @Override
  public String toString() {
    return "Sparse of " + entries() + " entries in " + size() + " rows";
  }
}
