/**
 * Same bits everywhere, checked: {@link io.github.clpool.parity.Parity} draws random calls, gives
 * them to a device, a backend or a function of the user's own, compares the results with the
 * reference's bit for bit, and shrinks a failure to a small call that a text repeats.
 */
package io.github.clpool.parity;
