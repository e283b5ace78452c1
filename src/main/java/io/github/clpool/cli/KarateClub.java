package io.github.clpool.cli;

import io.github.clpool.op.Graphs;
import java.util.Set;

/**
 * The members of a karate club and who met whom outside it (Zachary, "An Information Flow Model for
 * Conflict and Fission in Small Groups", 1977): 34 nodes, 78 edges. Later the club split.
 * Stateless.
 */
final class KarateClub {
  static final int MEMBERS = 34;

  /** For each member those of a higher number that it met. */
  private static final int[][] FRIENDS = {
    {1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 17, 19, 21, 31},
    {2, 3, 7, 13, 17, 19, 21, 30},
    {3, 7, 8, 9, 13, 27, 28, 32},
    {7, 12, 13},
    {6, 10},
    {6, 10, 16},
    {16},
    {},
    {30, 32, 33},
    {33},
    {},
    {},
    {},
    {33},
    {32, 33},
    {32, 33},
    {},
    {},
    {32, 33},
    {33},
    {32, 33},
    {},
    {32, 33},
    {25, 27, 29, 32, 33},
    {25, 27, 31},
    {31},
    {29, 33},
    {33},
    {31, 33},
    {32, 33},
    {32, 33},
    {32, 33},
    {33},
    {}
  };

  /** Who stayed with the instructor, member 0, when the club split. */
  private static final Set<Integer> WITH_INSTRUCTOR =
      Set.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 16, 17, 19, 21);

  private KarateClub() {}

  /** The members that a member met with a higher number. */
  static int[] friends(int member) {
    return FRIENDS[member].clone();
  }

  static boolean stayedWithInstructor(int member) {
    return WITH_INSTRUCTOR.contains(member);
  }

  /** A dense adjacency matrix: 1 where two met. */
  static double[][] adjacency() {
    double[][] adjacency = new double[MEMBERS][MEMBERS];
    for (int member = 0; member < MEMBERS; member++) {
      for (int friend : FRIENDS[member]) {
        adjacency[member][friend] = 1;
        adjacency[friend][member] = 1;
      }
    }
    return adjacency;
  }

  static Graphs graph() {
    return Graphs.dense(adjacency());
  }
}
