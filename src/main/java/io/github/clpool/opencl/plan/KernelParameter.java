package io.github.clpool.opencl.plan;

import io.github.clpool.op.Role;

/** One parameter of a kernel. An argument is bound to it by calling the method of its kind. */
public interface KernelParameter {
  void number(int value);

  void number(long value);

  void struct(int... words);

  void table(KernelArgument.Table table);

  void tensor(Role role);

  void view(Role role);

  void temporary(int index);

  void drawn(KernelArgument.Drawn.Source source);

  void callTable(KernelArgument.CallTable table);

  void callCount(KernelArgument.CallCount count);

  void callTemporary(KernelArgument.CallTemporary temporary);

  void key(long each);

  void fault(KernelArgument.Fault fault);
}
