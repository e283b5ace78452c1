package io.github.clpool.cli;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Pooling;
import io.github.clpool.op.RoiOperator;
import io.github.clpool.op.Role;
import io.github.clpool.parity.Case;
import io.github.clpool.parity.TestInputs;
import io.github.clpool.tensor.Tensor;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Times a case by all libraries, in rounds, so that what slows a machine slows all of them. */
final class PeerMeter {
  static final String COPY = "copy";

  private static final int WARM_UPS = 3;
  private static final int RUNS = 3; // of each round
  private static final double SLOW = 0.1; // then the first run must do
  private static final int PAUSE = 3; // milliseconds, in which threads that spin go to sleep

  private final Pooling device;
  private final List<Peer> peers;
  private final int rounds;

  /**
   * Prepares.
   *
   * @param device where clpool, and the copy, run
   * @param peers what it is compared with
   */
  PeerMeter(Pooling device, List<Peer> peers, int rounds) {
    this.device = device;
    this.peers = peers;
    this.rounds = rounds;
  }

  /** Compares, then times. */
  PeerRow measure(PeerCase subject) {
    Map<Role, NativeArray> given = given(subject.call());
    PeerRow row = new PeerRow(subject);
    Map<String, Runnable> timed = new LinkedHashMap<>();
    List<Peer.Prepared> opened = new ArrayList<>();
    ClpoolPeer.Call ours = new ClpoolPeer("clpool", device).prepare(subject.call(), given);
    opened.add(ours);
    try (Work copy = PlainCopy.of(device, ours.bytes())) {
      ours.run();
      timed.put(PeerRow.OURS, ours);
      timed.put(COPY, copy);
      PeerComparison right = PeerComparison.of(subject.call(), ours);
      for (Peer peer : peers) {
        try {
          Peer.Prepared theirs = peer.prepare(subject.call(), given);
          opened.add(theirs);
          theirs.run();
          String difference = right.difference(theirs);
          if (difference.isEmpty()) {
            timed.put(peer.name(), theirs);
          } else {
            row.differs(peer.name(), difference);
          }
        } catch (Exception | LinkageError lacking) {
          boolean known = lacking instanceof UnsupportedOperationException;
          row.lacks(peer.name(), known ? lacking.getMessage() : Main.oneLine(lacking));
        }
      }
      time(timed).forEach(row::took);
    } finally {
      opened.forEach(Peer.Prepared::close);
    }
    return row;
  }

  private static Map<Role, NativeArray> given(Case subject) {
    Map<Role, NativeArray> given = new EnumMap<>(Role.class);
    long cells = subject.shape().elements();
    given.put(Role.INPUT, NativeArray.draw(subject.type(), cells, 1));
    if (Figures.Call.of(subject) == Figures.Call.GRADIENT) {
      long outputs = subject.problem().output().elements();
      given.put(Role.GRAD_OUTPUT, NativeArray.draw(subject.type(), outputs, 2));
    }
    if (subject.operator() instanceof RoiOperator) {
      try (Pooling jvm = Pooling.open(DevicePolicy.JVM_ONLY);
          Tensor boxes = TestInputs.tensor(jvm, subject, Role.ROIS)) {
        given.put(Role.ROIS, NativeArray.of(boxes));
      }
    }
    return given;
  }

  /** The median of the rounds' seconds of each. */
  private Map<String, Double> time(Map<String, Runnable> timed) {
    Map<String, List<Double>> times = new LinkedHashMap<>();
    timed.forEach(
        (name, work) -> {
          times.put(name, new ArrayList<>());
          double spent = 0;
          for (int i = 0; i < WARM_UPS && spent < SLOW; i++) {
            spent += Timing.once(work);
          }
        });
    for (int round = 0; round < rounds; round++) {
      timed.forEach(
          (name, work) -> {
            pause();
            double first = Timing.once(work); // the others' data is in the caches
            double least = first > SLOW ? first : Double.POSITIVE_INFINITY;
            for (int run = 0; run < RUNS && first <= SLOW; run++) {
              least = Math.min(least, Timing.once(work));
            }
            times.get(name).add(least);
          });
    }
    Map<String, Double> medians = new LinkedHashMap<>();
    times.forEach(
        (name, each) ->
            medians.put(name, Timing.median(each.stream().mapToDouble(s -> s).toArray())));
    return medians;
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException asked) {
      Thread.currentThread().interrupt();
    }
  }
}
