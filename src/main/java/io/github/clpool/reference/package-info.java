/**
 * The executable specification: one short class per operator, for every type and rank. It is meant
 * to be read; every other backend must give the same bits. A reduction's class is its {@link
 * io.github.clpool.reference.Formula}, which the JVM path computes by too.
 */
package io.github.clpool.reference;
