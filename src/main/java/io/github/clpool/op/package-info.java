/**
 * The operators as values: which regions, which reduction, with all validation and shape inference;
 * no device is needed.
 */
package io.github.clpool.op;
