package io.github.clpool.cli;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.slf4j.LoggerFactory;

/** A progress bar on a terminal's standard error, nothing elsewhere. Not thread-safe. */
final class Progress implements AutoCloseable {
  private final ProgressBar bar;

  Progress(String task, long total) {
    LoggerFactory.getLogger(Progress.class).info("{}: {} steps", task, total);
    bar =
        System.console() == null
            ? null
            : new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(total)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(200)
                .clearDisplayOnFinish()
                .build();
  }

  void at(long done) {
    if (bar != null) {
      bar.stepTo(done);
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
