package io.github.clpool.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.Backend;
import io.github.clpool.backend.Device;
import io.github.clpool.backend.HeapStorage;
import io.github.clpool.backend.Plan;
import io.github.clpool.backend.Preference;
import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.opencl.runtime.OpenClBackend;
import io.github.clpool.tensor.Completion;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Producer;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Storage;
import io.github.clpool.tensor.Tensor;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * An OpenCL device that is given a view for every tensor of a call, each in a buffer of its own,
 * with pitches and offsets that are drawn. What lies beside a view must stay as it is.
 *
 * @param owner the device
 * @param random draws
 */
record ViewedBackend(OpenClBackend owner, Random random) implements Backend {
  @Override
  public String name() {
    return owner.name();
  }

  @Override
  public String device() {
    return owner.device();
  }

  @Override
  public Device description() {
    return owner.description();
  }

  @Override
  public Optional<String> refusal(DataType type) {
    return owner.refusal(type);
  }

  @Override
  public boolean keepsSubnormals() {
    return owner.keepsSubnormals();
  }

  @Override
  public Storage allocate(Shape shape, Layout layout, DataType type) {
    return new HeapStorage(this, type, shape.elements());
  }

  @Override
  public List<Verdict> explain(Problem problem) {
    return owner.explain(problem);
  }

  @Override
  public Plan plan(Problem problem, Preference preference) {
    Plan plan = owner.plan(problem, preference);
    return new Plan() {
      @Override
      public Producer producer() {
        return plan.producer();
      }

      @Override
      public boolean tryRun(Arguments arguments) {
        return onViews(plan, arguments);
      }

      @Override
      public void close() {
        plan.close();
      }
    };
  }

  private boolean onViews(Plan plan, Arguments arguments) {
    List<ViewedTensor> all = new ArrayList<>();
    Map<Role, Tensor> views = new EnumMap<>(Role.class);
    try {
      arguments
          .tensors()
          .forEach(
              (role, tensor) -> {
                ViewedTensor viewed = new ViewedTensor(owner, tensor, random);
                all.add(viewed);
                views.put(role, viewed.view());
              });
      boolean ran = plan.tryRun(new Arguments(views, arguments.key()));
      owner.finish();
      for (ViewedTensor viewed : all) {
        assertEquals(List.of(), viewed.takeBack(), "bytes beside a view that changed");
      }
      return ran;
    } finally {
      all.forEach(ViewedTensor::close);
    }
  }

  @Override
  public Completion enqueue(Runnable calls) {
    return owner.enqueue(calls);
  }

  @Override
  public void finish() {
    owner.finish();
  }

  @Override
  public void close() {
    owner.close();
  }
}
