package io.github.clpool.parity;

import io.github.clpool.op.Role;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Shape;

/** Exponents of generalised means: from 1 to 5, in a quarter of the cases any number. */
final class Exponents implements TestInputs.Parameter {
  @Override
  public Elements elements(Case subject, Role role, Shape shape, boolean subnormals) {
    Elements elements = TestInputs.byRecipe(subject, role, shape, subnormals);
    if (subject.seed() % 4 == 3) {
      return elements;
    }
    DataType type = subject.operator().typeOf(role, subject.type());
    Elements usual = Elements.room(type, shape);
    for (int i = 0; i < elements.count(); i++) {
      usual.set(i, 3 + 2 * elements.number(i)); // the recipe draws from -1 to 1
    }
    return usual;
  }
}
