package io.runnel.routing.edge;

import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.placement.Proof;
import io.vertx.core.buffer.Buffer;

/**
 * A call that a region kept, and that nobody waits for.
 *
 * @param id as it was when it came
 * @param task by the name by which it was called
 * @param proof of who called, as it was proved then
 * @param source the caller's IP address, as it was then
 * @param payload not to be changed
 */
public record KeptCall(
        RequestId id, TaskRef task, Qualifier named, Proof proof, String source, Buffer payload) {}
