/**
 * Demand that returns: how a task was called, whether it will be again, when and by how many at
 * once, and so what should be held for it now. Learns periods from the arrivals alone, says how far
 * it trusts them, lets idle capacity go between the bursts it expects and has it made again shortly
 * before, as US10042660 describes it; and holds what has no period by the times that passed between
 * its own calls (Shahrad et al., "Serverless in the Wild", USENIX ATC 2020).
 *
 * <p>Pure: no threads, no clock, no I/O. Time comes in as milliseconds, chance as a seeded
 * generator, so that weeks replay in seconds. Nothing here refuses a call: a forecast decides what
 * is ready, never who is served.
 *
 * <p>The way in is {@link io.runnel.exec.forecast.Demand}, one for each task of a node; {@link
 * io.runnel.exec.forecast.StartSchedule} is the node's own.
 */
package io.runnel.exec.forecast;
