/**
 * What a backend offers: storage, and for each operator an ordered list of implementations that
 * accept a problem or say why not.
 */
package io.github.clpool.backend;
