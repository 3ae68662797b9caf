package io.runnel.chaos.proxy;

/**
 * One fault on a link.
 *
 * @param toxicity the share of connections that get it, 0 to 1; drawn when it starts on one
 */
record Toxic(String name, Direction stream, double toxicity, Effect effect) {}
