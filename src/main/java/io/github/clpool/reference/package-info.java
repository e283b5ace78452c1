/**
 * The executable specification: one short class per operator, for every type and rank. It is meant
 * to be read; every other backend must give the same bits.
 */
package io.github.clpool.reference;
