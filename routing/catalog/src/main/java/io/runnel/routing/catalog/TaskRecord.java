package io.runnel.routing.catalog;

import io.runnel.exec.task.TaskRef;

import java.time.Duration;
import java.util.Optional;

/**
 * A task: what of it is live and who may call it.
 *
 * @param live the version that calls get
 * @param newest the highest version ever given; never given again
 * @param everyone whether anyone may call it, without a key
 * @param maxStale how long after the last contact with its home region it may still be served
 */
public record TaskRecord(
        TaskRef ref, int live, int newest, boolean everyone, Optional<Duration> maxStale) {}
