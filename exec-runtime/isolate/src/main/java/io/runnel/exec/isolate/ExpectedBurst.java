package io.runnel.exec.isolate;

import io.runnel.exec.task.TaskRef;

/**
 * A burst of calls that a runner expects, by what came to it; every {@code periodMs} another one.
 * Times are milliseconds from now.
 *
 * @param opensMs from when on it may come; negative if that was so before now
 * @param closesMs until when
 * @param leadMs how long before it opens what it needs is to be started
 * @param isolates that its last ones needed
 */
public record ExpectedBurst(
        TaskRef task, long periodMs, long opensMs, long closesMs, long leadMs, int isolates) {}
