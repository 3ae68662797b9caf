package io.runnel.routing.catalog;

import io.runnel.exec.task.RegionId;

/**
 * Where the record stands that something is known by: who has read so far knows it too.
 *
 * @param origin who wrote it
 * @param log the random name of the origin's store
 * @param seq counted from 1 within the log
 */
public record Written(RegionId origin, String log, long seq) {}
