/**
 * A fault proxy: it stands between two nodes, lets bytes through, and on demand delays, starves,
 * cuts or resets them. Its HTTP API is Toxiproxy's, so that Toxiproxy's clients drive it unchanged.
 */
package io.runnel.chaos.proxy;
