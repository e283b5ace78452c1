/**
 * Same bits everywhere, checked: draws random calls, runs them on two devices, compares the results
 * bit for bit, and shrinks a failure to a small call that a text reproduces.
 */
package io.github.clpool.parity;
