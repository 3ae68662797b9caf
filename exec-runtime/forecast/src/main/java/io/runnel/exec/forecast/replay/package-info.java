/**
 * Replays of traces: what one node's pool would have done with weeks of calls under different
 * policies, in seconds. Traces are read, made up by a seeded generator, replayed, and their results
 * set out as text, as values for JSON, and as a drawing.
 */
package io.runnel.exec.forecast.replay;
