/**
 * A backend of several backends: each batch is split over their devices in proportion to their
 * speed, and every tensor lies in parts where its calls are computed.
 */
package io.github.clpool.split;
