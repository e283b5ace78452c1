/** Files: NumPy arrays and pictures, from and to what tensors take. */
package io.github.clpool.io;
